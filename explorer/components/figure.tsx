import type { ComponentChildren, RefObject } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { toApng } from '../drawing/apng.ts'
import { sheetOf, toPng, toSvg } from '../drawing/shapes.ts'
import { unit } from './drag.ts'
import { saveAs } from './save.ts'

interface Props {
  /** What the drawing shows, in a few words. */
  readonly label: string
  /** The drawing in words, for those who do not see it. */
  readonly description: string
  /** The layer that is drawn, in a line above it. */
  readonly head?: string
  /** Name of a saved file, without its ending. */
  readonly file: string
  /** Size in units: pixels at the usual size of text. */
  readonly width: number
  readonly height: number
  readonly children: ComponentChildren
  /** What is measured to know how wide a drawing may be. */
  readonly area?: RefObject<HTMLElement | null>
  /** What stands between the drawing and its buttons. */
  readonly below?: ComponentChildren
  /** How it moves, where it can be saved as an animation. */
  readonly steps?: Steps
}

/** The steps of a drawing that moves. */
export interface Steps {
  readonly count: number
  /** The one that is shown. */
  readonly at: number
  readonly show: (at: number) => void
}

const DOTS = 3 // of a PNG to a unit
const MOST_FRAMES = 24
const PAUSE = 700 // milliseconds on each

/** A drawing with its words, and buttons that save it. */
export function Figure({ label, description, head, file, width, height, children, area, below, steps }: Props) {
  const id = useId()
  const svg = useRef<SVGSVGElement>(null)
  const save = async (kind: 'svg' | 'png'): Promise<void> => {
    const sheet = sheetOf(svg.current!)
    const blob = kind === 'png' ? await toPng(sheet, DOTS) : new Blob([toSvg(sheet)], { type: 'image/svg+xml' })
    if (blob) saveAs(blob, `${file}.${kind}`)
  }
  const animate = async ({ count, at, show }: Steps): Promise<void> => {
    const frames: Uint8Array[] = []
    for (let step = 0; step < Math.min(count, MOST_FRAMES); step++) {
      show(step)
      await new Promise((drawn) => setTimeout(drawn, 60))
      const png = await toPng(sheetOf(svg.current!), 2)
      if (png) frames.push(new Uint8Array(await png.arrayBuffer()))
    }
    show(at)
    saveAs(new Blob([toApng(frames, PAUSE)], { type: 'image/png' }), `${file}-moving.png`)
  }
  return (
    <figure class="figure">
      {head && <p class="drawn">{head}</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll" ref={area} tabIndex={0} aria-label={`Drawing: ${label}`}>
        <svg
          ref={svg}
          role="img"
          aria-label={label}
          aria-describedby={id}
          viewBox={`0 0 ${width} ${height}`}
          width={`${width / 16}rem`}
          height={`${height / 16}rem`}
        >
          {children}
        </svg>
      </section>
      <p id={id} class="unseen">
        {description}
      </p>
      {below}
      <div class="save">
        <button type="button" onClick={() => save('svg')}>
          Save SVG
        </button>
        <button type="button" onClick={() => save('png')}>
          Save PNG
        </button>
        {steps && steps.count > 1 && (
          <button type="button" onClick={() => animate(steps)} title="An animated PNG, which browsers and slides play">
            Save animation
          </button>
        )}
      </div>
    </figure>
  )
}

/** The width that an element has to draw on, in units; known before the first picture, so that nothing moves behind it. */
export function useWidth<T extends HTMLElement>(): [ref: RefObject<T | null>, width: number] {
  const ref = useRef<T>(null)
  const [width, setWidth] = useState(0)
  useLayoutEffect(() => {
    const measure = (): void => {
      setWidth(Math.floor((ref.current?.clientWidth ?? 0) / unit()))
    }
    measure()
    const observer = new ResizeObserver(measure)
    if (ref.current) observer.observe(ref.current)
    return () => observer.disconnect()
  }, [])
  return [ref, width]
}

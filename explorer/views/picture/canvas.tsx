import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef } from 'preact/hooks'
import { saveAs } from '../../components/save.ts'
import { type Pixels, ramp } from './paint.ts'
import { levels } from './words.ts'

interface Props {
  readonly title: ComponentChildren
  /** What is seen, in words. */
  readonly label: string
  readonly pixels: Pixels
  /** Name of a saved file, without its ending. */
  readonly file: string
  readonly children: ComponentChildren
}

/** A picture with its words, and a button that saves it. */
export function PictureFigure({ title, label, pixels, file, children }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const { width, height } = pixels
  // Before the browser paints: words and pixels must never be of two pictures, not for one frame.
  useLayoutEffect(() => {
    const { data } = pixels
    canvas.current?.getContext('2d')?.putImageData(new ImageData(data, width, height), 0, 0)
  }, [pixels])
  return (
    <figure class="figure picture">
      <h2>{title}</h2>
      <canvas ref={canvas} role="img" aria-label={label} width={width} height={height} />
      <figcaption>{children}</figcaption>
      <div class="save">
        <button
          type="button"
          onClick={() => canvas.current?.toBlob((blob) => blob && saveAs(blob, `${file}.png`))}
          aria-label={`Save PNG: ${label}`}
        >
          Save PNG
        </button>
      </div>
    </figure>
  )
}

/** The colours of differences, and how many levels they stand for. */
export function Ramp({ full, most }: { full: number; most: number }) {
  const brightest = `${levels(full)} levels${most > full ? ' or more' : ''}`
  return <ColourScale {...{ brightest }} label={`Colours from black, 0 levels, to the brightest, ${brightest}`} />
}

/** The colours of differences, from 0 on. */
export function ColourScale({ brightest, label }: { brightest: string; label: string }) {
  const id = useId()
  return (
    <p class="ramp">
      <span aria-hidden="true">0</span>
      <svg role="img" aria-label={label}>
        <linearGradient id={id}>
          {ramp.map((colour, index) => (
            <stop key={index} offset={index / (ramp.length - 1)} stop-color={`rgb(${colour})`} />
          ))}
        </linearGradient>
        <rect width="100%" height="100%" fill={`url(#${id})`} />
      </svg>
      <span aria-hidden="true">{brightest}</span>
    </p>
  )
}

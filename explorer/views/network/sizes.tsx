import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { type AgreeingSizes, agreeingSizes, effectiveKernel } from 'samepad/geometry'
import { decimal } from '../../../src/words/numbers.ts'
import { Scroll } from '../../components/scroll.tsx'
import { messageOf } from '../../state/message.ts'
import { usePage } from '../../state/page.ts'
import { layersOf, type Run } from './chain.ts'
import { type Drift, driftsAround } from './model.ts'

const REACH = 34 // sizes on either side
const MOST = 200_000 // sizes to look at while somebody waits

interface Found {
  readonly drifts: readonly Drift[]
  readonly agreeing: AgreeingSizes | string
}

/** The sizes around the input with their drift, and the nearest ones on which all rules agree. */
export function SizesWithoutDrift({ runs }: { runs: readonly Run[] }) {
  const { state, set } = usePage()
  const { size, first, second } = state
  const [found, setFound] = useState<Found>()
  // It takes longer than a key's stroke: what was typed is on the screen first.
  useEffect(() => {
    const timer = setTimeout(() => {
      setFound({ drifts: driftsAround(runs, size, first, second, REACH), agreeing: sizesFor(runs, size) })
    }, 60)
    return () => clearTimeout(timer)
  }, [runs, size, first, second])
  if (!found) return null
  const { drifts, agreeing } = found
  return (
    <section class="card" tabIndex={-1} aria-label="Sizes without drift">
      <h2>Sizes without drift</h2>
      {typeof agreeing === 'string' ? (
        <p class="muted">{agreeing}</p>
      ) : (
        <Nearest agreeing={agreeing} size={size} onPick={(size) => set({ size })} />
      )}
      {typeof agreeing !== 'string' && agreeing.step > 1 && (
        <p class="muted why">
          Why these sizes: on them every layer with a stride meets a size on which it pads the same number of cells at
          both ends, as symmetric padding does. All strides together divide the size by {agreeing.step}, so what holds
          for one size holds again {agreeing.step} cells further on, and not in between. That is why some networks take
          pictures of 513 pixels, and not of 512.
        </p>
      )}
      <Bars drifts={drifts} size={size} onPick={(size) => set({ size })} />
    </section>
  )
}

function sizesFor(runs: readonly Run[], size: number): AgreeingSizes | string {
  const layers = layersOf(runs)
  if (layers.some(({ op }) => op === 'convTranspose'))
    return 'Sizes on which all conventions agree are found for layers without transposed ones.'
  const step = layers.reduce((product, { stride }) => product * stride, 1)
  const reach = layers.reduce((cells, layer) => cells + effectiveKernel(layer), 0) * step
  if (step + reach > MOST)
    return 'The strides are too large to look for sizes while you type; npx samepad sizes takes its time.'
  try {
    return agreeingSizes(layers, size)
  } catch (error) {
    return messageOf(error)
  }
}

interface Picking {
  readonly size: number
  readonly onPick: (size: number) => void
}

function Nearest({ agreeing, size, onPick }: Picking & { agreeing: AgreeingSizes }) {
  const list = [...new Set([agreeing.below, agreeing.above])].filter((one) => one !== undefined)
  if (list.includes(size)) {
    return (
      <p>
        <b class="equal">= On {size}, tf same, onnx SAME_LOWER and pytorch symmetric are the same.</b>{' '}
        {agreeing.step > 1 && <span>The next such sizes are {agreeing.step} cells away.</span>}
      </p>
    )
  }
  if (list.length === 0)
    return <p>There is no size on which tf same, onnx SAME_LOWER and pytorch symmetric are the same.</p>
  return (
    <p class="nearest">
      tf same, onnx SAME_LOWER and pytorch symmetric are the same on
      {list.map((one) => (
        <button
          key={one}
          type="button"
          onClick={({ currentTarget }) => {
            currentTarget.closest('section')?.focus() // the button goes away
            onPick(one)
          }}
        >
          {one}
        </button>
      ))}
    </p>
  )
}

const HEIGHT = 120
const STEP = 12

/** The drift at every size around the input: a bar each, to be picked. */
function Bars({ drifts, size, onPick }: Picking & { drifts: readonly Drift[] }) {
  const most = Math.max(1, ...drifts.map(({ apart }) => Math.abs(apart ?? 0)))
  const width = drifts.length * STEP
  const area = useRef<HTMLElement>(null)
  // The size of the input is in the middle; a narrow page begins there.
  useLayoutEffect(() => {
    if (area.current) area.current.scrollLeft = (area.current.scrollWidth - area.current.clientWidth) / 2
  }, [width])
  const none = drifts.filter(({ apart }) => apart === 0).map((one) => one.size)
  return (
    <Scroll area={area} label="Drift by input size">
      <svg
        role="img"
        aria-label={`Drift by input size: none on ${none.join(', ') || 'none of these sizes'}; ${decimal(most)} cells at most`}
        viewBox={`0 0 ${width} ${HEIGHT + 22}`}
        width={`${width / 16}rem`}
        height={`${(HEIGHT + 22) / 16}rem`}
      >
        {drifts.map((drift, index) => (
          <Bar
            key={drift.size}
            {...{ drift, most, onPick }}
            x={index * STEP}
            chosen={drift.size === size}
            labelled={drift.apart === 0 && !(index > 0 && drifts[index - 1].apart === 0)}
          />
        ))}
      </svg>
    </Scroll>
  )
}

interface BarProps extends Pick<Picking, 'onPick'> {
  readonly drift: Drift
  readonly most: number
  readonly x: number
  readonly chosen: boolean
  /** Whether its size is written below it. */
  readonly labelled: boolean
}

function Bar({ drift, most, x, chosen, labelled, onPick }: BarProps) {
  const { size, apart } = drift
  const height = apart === undefined ? 0 : (Math.abs(apart) / most) * (HEIGHT - 24)
  const middle = x + STEP / 2
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the field of the input does the same by keys
    <g onClick={() => onPick(size)} class="bar-group">
      <title>{apart === undefined ? `${size}: no answer` : `${size}: ${decimal(Math.abs(apart))} cells apart`}</title>
      <rect class="reach" x={x} y={0} width={STEP} height={HEIGHT + 22} />
      {apart === 0 ? (
        <circle class={chosen ? 'none chosen' : 'none'} cx={middle} cy={HEIGHT - 5} r={4} />
      ) : (
        <rect
          class={chosen ? 'bar chosen' : 'bar'}
          x={x + 1.5}
          y={HEIGHT - height}
          width={STEP - 3}
          height={height}
          rx={1.5}
        />
      )}
      {(labelled || chosen) && (
        <text
          class={chosen ? 'cell-number chosen' : 'cell-number'}
          x={middle}
          y={labelled ? HEIGHT + 16 : HEIGHT - height - 7}
        >
          {size}
        </text>
      )}
    </g>
  )
}

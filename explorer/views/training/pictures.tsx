import { useLayoutEffect, useRef } from 'preact/hooks'
import type { Example, Progress } from './messages.ts'
import { exampleInWords } from './words.ts'

/** Pictures that the network has not learned from, and what it takes them for. */
export function Pictures({ examples }: { examples: readonly Example[] }) {
  return (
    <section class="card" aria-label="New pictures">
      <h2>What it takes new pictures for</h2>
      <ul class="tiny">
        {examples.map((example, index) => {
          const { picture, label, guess, probability } = example
          const isRight = guess === label
          return (
            <li key={index}>
              <Grey values={picture} low={-0.25} high={1.25} label={exampleInWords(example)} />
              <span class={isRight ? 'equal' : 'different'}>
                {isRight ? '=' : '◆'} {guess}
              </span>
              <small class="muted">{(100 * probability).toFixed(0)} %</small>
            </li>
          )
        })}
      </ul>
    </section>
  )
}

/** The kernels of the first layer, which chance made and learning shapes. */
export function Kernels({ kernels: { side, values } }: Pick<Progress, 'kernels'>) {
  return (
    <section class="card" aria-label="Kernels">
      <h2>The kernels of the first layer</h2>
      <p class="muted">
        Each is {side}x{side} numbers: chance at first, then edges and corners that tell shapes apart. Black is the
        least, white the most.
      </p>
      <ul class="tiny">
        {values.map((kernel, index) => (
          <li key={index}>
            <Grey
              values={kernel}
              low={Math.min(...kernel)}
              high={Math.max(...kernel)}
              label={`Kernel ${index + 1} of ${values.length}`}
            />
          </li>
        ))}
      </ul>
    </section>
  )
}

interface GreyProps {
  readonly values: Float32Array
  /** The values that are black and white. */
  readonly low: number
  readonly high: number
  readonly label: string
}

/** A square of numbers as a picture. */
function Grey({ values, low, high, label }: GreyProps) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const side = Math.round(Math.sqrt(values.length))
  useLayoutEffect(() => {
    const data = new Uint8ClampedArray(4 * values.length)
    values.forEach((value, at) => {
      data.fill((255 * (value - low)) / (high - low || 1), 4 * at, 4 * at + 3)
      data[4 * at + 3] = 255
    })
    canvas.current?.getContext('2d')?.putImageData(new ImageData(data, side, side), 0, 0)
  }, [values, low, high, side])
  return <canvas ref={canvas} role="img" aria-label={label} width={side} height={side} />
}

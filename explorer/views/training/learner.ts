import { isRejected, parseSetting, solve } from 'samepad/geometry'
import { layers, type ShapeLayer, ShapeNetwork } from '../../../examples/training/network.ts'
import { classes, drawPictures, random, SIDE } from '../../../examples/training/pictures.ts'
import { STEPS } from './curve.ts'
import type { Example, LayerText, Progress } from './messages.ts'

// The network of examples/training, as the page sees it learn.

const SHOWN = 8 // pictures
const NEW = 200 // pictures that it is tried on
const BETWEEN = 20 // steps from one trial to the next

/** A network that learns, and is looked at from time to time. */
export class Learner {
  readonly #chance: () => number
  readonly #batch: number
  readonly #network: ShapeNetwork
  readonly #new: ReturnType<typeof drawPictures>
  readonly #losses: number[] = []
  #spent = 0
  #right: number | undefined

  constructor(seed: number, batch: number) {
    this.#chance = random(seed)
    this.#batch = batch
    this.#network = new ShapeNetwork(this.#chance)
    this.#new = drawPictures(NEW, random(seed + 1))
  }

  get isDone(): boolean {
    return this.#losses.length >= STEPS
  }

  /** One step. */
  learn(): void {
    const { x, labels } = drawPictures(this.#batch, this.#chance)
    const begin = performance.now()
    this.#losses.push(this.#network.learn(x, labels))
    this.#spent += performance.now() - begin
    if (this.#losses.length % BETWEEN === 0) this.#right = undefined
  }

  look(isRunning: boolean): Progress {
    const { x, labels } = this.#new
    const size = SIDE * SIDE
    const shown = { data: x.data.subarray(0, SHOWN * size), shape: [SHOWN, 1, SIDE, SIDE] }
    const examples = bestOf(this.#network.run(shown).data).map(
      ([guess, probability], at): Example => ({
        picture: x.data.slice(at * size, (at + 1) * size),
        label: classes[labels[at]],
        guess: classes[guess],
        probability,
      }),
    )
    this.#right ??= bestOf(this.#network.run(x).data).filter(([guess], at) => guess === labels[at]).length / NEW
    const [{ data, shape }] = this.#network.weights
    const [count, , side] = shape
    const values = Array.from({ length: count }, (_, at) => data.slice(at * side * side, (at + 1) * side * side))
    const steps = this.#losses.length
    return {
      ...{ losses: this.#losses, isRunning, isDone: this.isDone, right: this.#right, examples },
      kernels: { side, values },
      perStep: steps > 0 ? this.#spent / steps : undefined,
      layers: textsOf(layers),
    }
  }
}

/** The likeliest class of each row of probabilities, and how likely it is. */
function bestOf(probabilities: Float32Array): (readonly [guess: number, probability: number])[] {
  return Array.from({ length: probabilities.length / classes.length }, (_, row) => {
    const all = probabilities.subarray(row * classes.length, (row + 1) * classes.length)
    const best = all.indexOf(Math.max(...all))
    return [best, all[best]] as const
  })
}

const numberOf = (value: number | readonly number[] | undefined): number =>
  typeof value === 'number' ? value : (value?.[0] ?? 1)

/** The layers in words, with their sizes on a picture. */
export function textsOf(all: readonly ShapeLayer[]): LayerText[] {
  let [cells, channels]: [number, number] = [SIDE, 1]
  return all.map(({ name, weights, options }): LayerText => {
    const input = `${channels} x ${cells} x ${cells}`
    const [stride, dilation] = weights
      ? [numberOf(options.strides), numberOf(options.dilations)]
      : [numberOf(options.kernel), 1]
    const kernel = weights ? weights[weights.length - 1] : stride
    const pads = options.padding === 'same' ? 'same' : 'valid'
    const solved = solve(parseSetting(`tf ${pads} k${kernel} s${stride} d${dilation}`), cells)
    if (isRejected(solved)) throw new Error(`${name} must have an output on ${cells} cells`)
    const { axis } = solved
    cells = axis.output
    channels = weights ? weights[0] : channels
    const learned = weights ? weights.reduce((product, size) => product * size, 1) + weights[0] : 0
    const steps = [stride > 1 && `stride ${stride}`, dilation > 1 && `dilation ${dilation}`].filter(Boolean).join(' ')
    return {
      ...{ name, input, learned },
      window: `${weights ? 'Conv' : 'AveragePool'} ${kernel}x${kernel}${steps && ` ${steps}`}`,
      pads: `${axis.padBegin}, ${axis.padEnd}`,
      output: `${channels} x ${cells} x ${cells}`,
    }
  })
}

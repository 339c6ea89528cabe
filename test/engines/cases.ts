import type { SpellOptions } from '../../src/conventions/spell/index.ts'
import {
  averagePool,
  conv,
  convTranspose,
  type Geometry,
  type Layout,
  maxPool,
  type Op,
  type Padding,
  type Pads,
  paddingModes,
  type ResolveOptions,
  resolve,
  SamepadError,
  type Tensor,
} from '../../src/index.ts'
import { sizeOf } from '../run/tensors.ts'

/** A layer with its tensors, and what samepad's own operation makes of them. */
export interface Case {
  /** Says everything: the geometry's options and those of `spell`. */
  readonly name: string
  readonly geometry: Geometry
  readonly options: SpellOptions
  readonly layout: Layout
  readonly x: Tensor
  readonly weight?: Tensor
  readonly bias?: Tensor
  readonly expected: Tensor
}

/** A seeded source of small random integers (mulberry32). */
class Dice {
  private state: number

  constructor(seed: number) {
    this.state = seed
  }

  /** An integer from `least` to `most`. */
  roll(least: number, most: number): number {
    this.state = (this.state + 0x6d2b79f5) | 0
    let bits = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state)
    bits = (bits + Math.imul(bits ^ (bits >>> 7), 61 | bits)) ^ bits
    return least + (((bits ^ (bits >>> 14)) >>> 0) % (most - least + 1))
  }

  pick<T>(list: readonly T[]): T {
    return list[this.roll(0, list.length - 1)]
  }

  /** Small integers, on which float32 sums are exact. */
  tensor(shape: readonly number[]): Tensor {
    return { data: Float32Array.from({ length: sizeOf(shape) }, () => this.roll(-4, 4)), shape }
  }
}

/** The largest size of an axis, its kernel and the padding that is asked for, by the number of axes: kept small. */
const largest = [
  { input: 12, kernel: 5, pad: 6 },
  { input: 8, kernel: 4, pad: 4 },
  { input: 5, kernel: 3, pad: 3 },
] as const

/** Seeded cases of an operation over one to three axes, lopsided in every size that there is. */
export function casesOf(op: Op, count: number, seed: number): Case[] {
  const dice = new Dice(seed)
  const cases: Case[] = []
  while (cases.length < count) {
    const rank = (cases.length % 3) + 1
    const made = caseOf(optionsOf(op, rank, dice), dice)
    if (made) cases.push(made)
  }
  return cases
}

/** Random options of `resolve`; the sizes need not go together. */
function optionsOf(op: Op, rank: number, dice: Dice): ResolveOptions & { kernel: readonly number[] } {
  const { input, kernel, pad } = largest[rank - 1]
  const each = <T>(make: () => T): T[] => Array.from({ length: rank }, make)
  const dilated = dice.roll(0, 1)
  const padding: Padding = dice.roll(0, 2)
    ? each((): Pads => [dice.roll(0, pad), dice.roll(0, pad)])
    : dice.roll(0, 1)
      ? 'same'
      : each(() => dice.pick(paddingModes))
  return {
    op,
    input: each(() => dice.roll(1, input)),
    kernel: each(() => dice.roll(1, kernel)),
    strides: each(() => dice.roll(1, 4)),
    dilations: each(() => (dilated ? dice.roll(1, 3) : 1)),
    padding,
    ...(op === 'convTranspose' && Array.isArray(padding) && typeof padding[0] === 'object' && dice.roll(0, 1)
      ? { outputPadding: each(() => dice.roll(0, 2)) }
      : {}),
    ...(op === 'maxPool' || op === 'averagePool' ? { ceilMode: dice.roll(0, 1) === 1 } : {}),
  }
}

/** A layer with tensors and samepad's own answer, or undefined where samepad refuses it. */
function caseOf(sizes: ResolveOptions & { kernel: readonly number[] }, dice: Dice): Case | undefined {
  const geometry = unlessRefused(() => resolve(sizes))
  if (!geometry || sizeOf(geometry.axes.map((axis) => axis.output)) > 2000) return undefined
  const { op, axes } = geometry
  const { input: _, op: __, kernel, ...given } = sizes
  const layout = dice.pick(['nchw', 'nhwc'] as const)
  const groups = dice.roll(1, 3)
  const [batch, inGroup, outGroup] = [dice.roll(1, 2), dice.roll(1, 3), dice.roll(1, 3)]
  const spatial = axes.map((axis) => axis.input)
  const channels = inGroup * groups
  const x = dice.tensor(layout === 'nchw' ? [batch, channels, ...spatial] : [batch, ...spatial, channels])
  const named = (options: SpellOptions): string => JSON.stringify({ ...sizes, ...options })

  if (op === 'maxPool' || op === 'averagePool') {
    const options = op === 'averagePool' ? { countIncludePad: dice.roll(0, 1) === 1, layout } : { layout }
    const pool = op === 'averagePool' ? averagePool : maxPool
    const expected = unlessRefused(() => pool(x, { ...given, kernel, ...options }))
    return expected && { name: named(options), geometry, options, layout, x, expected }
  }
  const outChannels = outGroup * groups
  const weight = dice.tensor(op === 'conv' ? [outChannels, inGroup, ...kernel] : [channels, outGroup, ...kernel])
  const bias = dice.roll(0, 1) ? dice.tensor([outChannels]) : undefined
  const apply = op === 'conv' ? conv : convTranspose
  const expected = apply(x, weight, { ...given, groups, bias, layout })
  const options = { groups, bias: bias !== undefined, layout }
  return { name: named(options), geometry, options, layout, x, weight, bias, expected }
}

function unlessRefused<T>(make: () => T): T | undefined {
  try {
    return make()
  } catch (error) {
    if (error instanceof SamepadError) return undefined
    throw error
  }
}

/** How far an average may be off: a few float32 steps of the inputs, since engines round in another order. */
export const ROUNDING = 2e-6

/** What is wrong with an engine's answer, or undefined. Only averages may be rounded. */
export function difference(
  expected: Tensor,
  data: ArrayLike<number>,
  shape: readonly number[],
  op: Op,
): string | undefined {
  if (String(shape) !== String(expected.shape)) return `shape ${shape}, not ${expected.shape}`
  const allowed = op === 'averagePool' ? ROUNDING : 0
  for (let index = 0; index < expected.data.length; index++) {
    const [got, want] = [data[index], expected.data[index]]
    if (!(Math.abs(got - want) <= allowed)) return `${got} at ${index}, not ${want}`
  }
  return undefined
}

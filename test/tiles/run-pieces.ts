import type { TilePlan } from '../../src/tiles.ts'

// Pieces of a picture, run one by one and held against the whole.

/** Whole numbers beyond it are not exact in float32. */
const EXACT = 2 ** 24

/** A tensor, in the words of onnxruntime. */
export interface Value {
  readonly dims: readonly number[]
  readonly data: Float32Array
}

/** Runs a network on a picture. */
export type Engine = (picture: Value) => Readonly<Record<string, Value>> | Promise<Readonly<Record<string, Value>>>

/** A picture of small integers. */
export function picture(shape: readonly number[]): Value {
  let state = 7
  const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return ((state >>> 16) % 5) - 2
  })
  return { dims: shape, data }
}

/** A box of a value: from a place on, so many cells along each axis. */
function box({ dims, data }: Value, begin: readonly number[], size: readonly number[]): Value {
  const out = new Float32Array(size.reduce((a, b) => a * b, 1))
  const place = new Array(size.length).fill(0)
  for (let index = 0; index < out.length; index++) {
    out[index] = data[place.reduce((sum, at, axis) => sum * dims[axis] + at + begin[axis], 0)]
    for (let axis = size.length - 1; axis >= 0 && ++place[axis] === size[axis]; axis--) place[axis] = 0
  }
  return { dims: size, data: out }
}

/** Every combination of an element of each list. */
const combinations = <T>(lists: readonly (readonly T[])[]): T[][] =>
  lists.reduce<T[][]>((all, list) => all.flatMap((one) => list.map((next) => [...one, next])), [[]])

/**
 * Runs every piece of a plan and tells where it differs from the whole.
 *
 * @param most that two numbers may differ by
 * @returns undefined where numbers of the whole are too large to be exact
 */
export async function comparePieces(
  run: Engine,
  plan: TilePlan,
  whole: Value,
  most = 0,
): Promise<string[] | undefined> {
  const expected = await run(whole)
  if (Object.values(expected).some(({ data }) => data.some((value) => Math.abs(value) > EXACT))) return undefined
  const wrong: string[] = []
  const covered = new Map<string, number>()
  for (const pieces of combinations(plan.axes.map((axis) => axis.pieces))) {
    const [begin, size] = [whole.dims.map(() => 0), [...whole.dims]]
    pieces.forEach(({ read }, index) => {
      const { axis } = plan.axes[index]
      begin[axis] = read[0]
      size[axis] = read[1] - read[0]
    })
    const found = await run(box(whole, begin, size))
    for (const [name, value] of Object.entries(found)) {
      const [from, at, count] = [value.dims.map(() => 0), value.dims.map(() => 0), [...value.dims]]
      for (const { keep } of pieces) {
        for (const { output, axis, cells, from: first } of keep) {
          if (output !== name) continue
          from[axis] = first
          at[axis] = cells[0]
          count[axis] = cells[1] - cells[0]
        }
      }
      if (count.some((cells) => cells <= 0)) continue
      const [own, other] = [box(value, from, count), box(expected[name], at, count)]
      covered.set(name, (covered.get(name) ?? 0) + own.data.length)
      const differing = own.data.findIndex((one, index) => !(Math.abs(one - other.data[index]) <= most))
      if (differing >= 0)
        wrong.push(
          `${name} of the piece at ${begin} of ${size}, cell ${differing}: ${own.data[differing]}, not ${other.data[differing]}`,
        )
    }
  }
  for (const [name, { data }] of Object.entries(expected)) {
    if (covered.get(name) !== data.length) wrong.push(`${name}: ${covered.get(name)} of ${data.length} cells`)
  }
  return wrong
}

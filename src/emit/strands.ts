import type { ElementwiseStructure } from '../plan/elementwise.ts'
import { multiples } from '../plan/gather.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { StrandCount, Strands } from '../plan/strands.ts'
import type { Code, Local } from '../wasm/code.ts'
import { type LaneStretch, loadStretches, shuffled, storeStretches } from './lanes.ts'
import { advance, setSum, times, vectors } from './loops.ts'
import type { SizeNumbers } from './size-numbers.ts'
import { interleaved, transposed } from './store-block.ts'

type Stranded = ElementwiseStructure & { readonly strands: Strands }

/** What a chain makes of what is loaded of each tensor. */
type Computed = (loaded: readonly Local[]) => Local

/**
 * Writes a row of strands: of each tensor a vector for each strand is loaded, which is a shuffle of vectors where strands lie
 * between each other; what is computed of each strand is stored likewise.
 */
export function emitStrands(
  code: Code,
  structure: Stranded,
  sizes: SizeNumbers,
  from: Readonly<Record<number, Local>>,
  computed: Computed,
): void {
  const { lies, axes, strands } = structure
  const { count } = strands
  const each = multiples(count, 1)
  const { size, steps: along } = axes[axes.length - 1]
  const at = addressesOf(code, structure, sizes, from)
  const isNear = (tensor: number): boolean => lies[tensor] === 'between' || lies[tensor] === 'spaced'
  const same = lies.map((lie, tensor) => (lie === 'same' ? loadedOf(code, at[tensor], 'v128.load32_splat') : undefined))
  const results = (load: (tensor: number) => readonly Local[]): Local[] => {
    const loaded = lies.map((_, tensor) => (tensor === 0 ? [] : (same[tensor] ?? load(tensor))))
    return each.map((strand) => computed(loaded.map((list) => list[strand])))
  }
  const move = (elements: number): void =>
    lies.forEach((lie, tensor) => {
      if (lie === 'same') return
      const bytes =
        lie === 'spaced' ? sizes.of(along[tensor], elements) : elements * FLOAT * (lie === 'between' ? count : 1)
      for (const local of at[tensor]) advance(code, local, bytes)
    })
  const length = sizes.variable(size)
  code.get(length).emit('i32.const', Math.log2(LANES)).emit('i32.shr_u')
  times(code, () => {
    const load = (tensor: number): readonly Local[] =>
      isNear(tensor) ? apart(code, linesAt(code, at[tensor], count)) : loadedOf(code, at[tensor], 'v128.load')
    const vectors = results(load)
    if (isNear(0)) storeLines(code, at[0], together(code, vectors))
    else {
      vectors.forEach((vector, strand) => {
        code.store(vector, at[0][strand])
      })
    }
    move(LANES)
  })
  code
    .get(length)
    .emit('i32.const', LANES - 1)
    .emit('i32.and')
  times(code, () => {
    const place = (tensor: number, strand: number): [Local, number] =>
      isNear(tensor) ? [at[tensor][0], strand * FLOAT] : [at[tensor][strand], 0]
    const singles = results((tensor) =>
      each.map((strand) => {
        const [single] = vectors(code, 1)
        code.load(single, ...place(tensor, strand), 'v128.load32_splat')
        return single
      }),
    )
    singles.forEach((single, strand) => {
      code.store(single, ...place(0, strand), 'v128.store32_lane', 0)
    })
    move(1)
  })
}

/** Of strands between each other one address, of spaced ones one for each lane, of others one for each strand. */
function addressesOf(
  code: Code,
  { lies, axes, strands: { count, steps } }: Stranded,
  sizes: SizeNumbers,
  from: Readonly<Record<number, Local>>,
): Local[][] {
  const along = axes[axes.length - 1].steps
  return lies.map((lie, tensor) => {
    const [places, step] = lie === 'spaced' ? [LANES, along[tensor]] : [lie === 'between' ? 1 : count, steps[tensor]]
    return multiples(places, 1).map((place) => {
      const local = code.local('i32')
      setSum(code, local, from[tensor], sizes.of(step, place))
      return local
    })
  })
}

/** The stretches of a line of strands between each other: a vector, or of spaced ones what lies together. */
function stretches(at: readonly Local[], count: StrandCount, line: number): LaneStretch[] {
  if (at.length === 1) return [{ at: at[0], place: line * VECTOR, lane: 0, lanes: LANES }]
  if (count === LANES) return [{ at: at[line], place: 0, lane: 0, lanes: LANES }]
  return [0, 1].map((half) => ({ at: at[2 * line + half], place: 0, lane: 2 * half, lanes: 2 }))
}

/** As many vectors as there are strands, with a lane of each strand after the other. */
function linesAt(code: Code, at: readonly Local[], count: StrandCount): Local[] {
  return multiples(count, 1).map((line) => loadStretches(code, stretches(at, count, line)))
}

function storeLines(code: Code, at: readonly Local[], lines: readonly Local[]): void {
  lines.forEach((vector, line) => {
    storeStretches(code, vector, stretches(at, lines.length as StrandCount, line))
  })
}

function loadedOf(code: Code, at: readonly Local[], instruction: 'v128.load' | 'v128.load32_splat'): Local[] {
  return at.map((local) => {
    const [vector] = vectors(code, 1)
    code.load(vector, local, 0, instruction)
    return vector
  })
}

/** A vector for each of some strands that lie between each other. */
function apart(code: Code, lines: readonly Local[]): Local[] {
  if (lines.length === 4) return transposed(code, lines)
  const [a, b] = lines
  if (lines.length === 2) return [shuffled(code, a, b, [0, 2, 4, 6]), shuffled(code, a, b, [1, 3, 5, 7])]
  return threefold(code, lines, [
    [0, 3, 6, 9],
    [1, 4, 7, 10],
    [2, 5, 8, 11],
  ])
}

/** Vectors of strands as they lie between each other. */
function together(code: Code, strands: readonly Local[]): Local[] {
  if (strands.length === 4) return transposed(code, strands)
  if (strands.length === 2) return interleaved(code, strands[0], strands[1])
  return threefold(code, strands, [
    [0, 4, 8, 1],
    [5, 9, 2, 6],
    [10, 3, 7, 11],
  ])
}

/** Vectors of lanes of three others, which are counted through. */
function threefold(code: Code, [a, b, c]: readonly Local[], picks: readonly (readonly number[])[]): Local[] {
  return picks.map((lanes) => {
    const firsts = shuffled(
      code,
      a,
      b,
      lanes.map((lane) => lane % (2 * LANES)),
    )
    const both = lanes.map((lane, index) => (lane < 2 * LANES ? index : lane - LANES))
    return shuffled(code, firsts, c, both)
  })
}

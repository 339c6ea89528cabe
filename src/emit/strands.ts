import type { ElementwiseStructure } from '../plan/elementwise.ts'
import { multiples } from '../plan/gather.ts'
import { FLOAT, LANES, VECTOR } from '../plan/plan.ts'
import type { StrandCount, Strands } from '../plan/strands.ts'
import type { Code, Local } from '../wasm/code.ts'
import { shuffled } from './lanes.ts'
import { advance, setSum, times, vectors } from './loops.ts'
import type { SizeNumbers } from './size-numbers.ts'
import { interleaved, transposed } from './store-block.ts'

/** What a chain makes of what is loaded of each tensor. */
type Computed = (loaded: readonly Local[]) => Local

/**
 * Writes a row of strands: of each tensor a vector for each strand is loaded, which is a shuffle of vectors where strands lie
 * between each other; what is computed of each strand is stored likewise.
 */
export function emitStrands(
  code: Code,
  { lies, axes, strands: { count, steps } }: ElementwiseStructure & { readonly strands: Strands },
  sizes: SizeNumbers,
  from: Readonly<Record<number, Local>>,
  computed: Computed,
): void {
  const each = multiples(count, 1)
  // Of strands between each other one address, of others one for each.
  const at = lies.map((lie, tensor) =>
    each.slice(0, lie === 'between' ? 1 : count).map((strand) => {
      const local = code.local('i32')
      setSum(code, local, from[tensor], sizes.of(steps[tensor], strand))
      return local
    }),
  )
  const same = lies.map((lie, tensor) => (lie === 'same' ? loadedOf(code, at[tensor], 'v128.load32_splat') : undefined))
  const results = (load: (tensor: number) => readonly Local[]): Local[] => {
    const loaded = lies.map((_, tensor) => (tensor === 0 ? [] : (same[tensor] ?? load(tensor))))
    return each.map((strand) => computed(loaded.map((list) => list[strand])))
  }
  const move = (elements: number): void =>
    lies.forEach((lie, tensor) => {
      if (lie === 'same') return
      for (const local of at[tensor]) advance(code, local, elements * FLOAT * (lie === 'between' ? count : 1))
    })
  const size = sizes.variable(axes[axes.length - 1].size)
  code.get(size).emit('i32.const', Math.log2(LANES)).emit('i32.shr_u')
  times(code, () => {
    const load = (tensor: number): readonly Local[] =>
      lies[tensor] === 'between' ? apart(code, at[tensor][0], count) : loadedOf(code, at[tensor], 'v128.load')
    const vectors = results(load)
    if (lies[0] === 'between') {
      together(code, vectors).forEach((vector, index) => {
        code.store(vector, at[0][0], index * VECTOR)
      })
    } else {
      vectors.forEach((vector, strand) => {
        code.store(vector, at[0][strand])
      })
    }
    move(LANES)
  })
  code
    .get(size)
    .emit('i32.const', LANES - 1)
    .emit('i32.and')
  times(code, () => {
    const place = (tensor: number, strand: number): [Local, number] =>
      lies[tensor] === 'between' ? [at[tensor][0], strand * FLOAT] : [at[tensor][strand], 0]
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

function loadedOf(code: Code, at: readonly Local[], instruction: 'v128.load' | 'v128.load32_splat'): Local[] {
  return at.map((local) => {
    const [vector] = vectors(code, 1)
    code.load(vector, local, 0, instruction)
    return vector
  })
}

/** A vector for each of some strands that lie between each other. */
function apart(code: Code, at: Local, count: StrandCount): Local[] {
  const lines = multiples(count, 1).map((index) => {
    const [vector] = vectors(code, 1)
    code.load(vector, at, index * VECTOR)
    return vector
  })
  if (count === 4) return transposed(code, lines)
  const [a, b] = lines
  if (count === 2) return [shuffled(code, a, b, [0, 2, 4, 6]), shuffled(code, a, b, [1, 3, 5, 7])]
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

import type { RunPlan } from './run-plan.ts'

// Few large pieces leave threads without work at the end; many small ones compute much twice.

/** With so many pieces for each thread the last ones do not count. */
const MANY = 32
/** What the first piece of a thread takes beside the others: measured, 1.5 to 2.7 times with `deterministic`. */
const FIRST = 1.5
/** By what pieces are divided along each axis. */
const PARTS = [2, 3, 4, 6, 8, 12, 16]
/** Pieces of fewer cells are not made: each has a file of its own. */
const LEAST = 65_536
/** Where so many in a row are no better, smaller ones are not either. */
const PATIENCE = 2

/**
 * Which pieces are done soonest.
 *
 * @param planOf plans pieces of at most so many cells along each axis; undefined where there is none
 * @param tile the most cells that a piece may have, which `largest` was planned with
 */
export function balancedTile(
  planOf: (tile: number) => RunPlan | undefined,
  tile: number,
  largest: RunPlan,
  threads: number,
): number {
  if (largest.tiles.pieces >= MANY * threads) return tile
  const around = Math.max(...largest.tiles.axes.map(({ halo, step }) => halo[0] + halo[1] + step))
  let [best, least, worse] = [tile, costOf(largest, threads), 0]
  for (const parts of PARTS) {
    const smaller = Math.ceil(tile / parts) + around
    const plan = smaller ** largest.tiles.axes.length >= LEAST && smaller < tile ? planOf(smaller) : undefined
    const cost = plan ? costOf(plan, threads) : Number.POSITIVE_INFINITY
    if (cost < least) [best, least, worse] = [smaller, cost, 0]
    else if (++worse === PATIENCE) break
  }
  return best
}

/**
 * How long a run takes, in cells that are read along the axes that are cut: those of the thread that ends last, where each takes the next piece when it is
 * free. The first piece of each takes longer, since its code is compiled meanwhile.
 */
export function costOf({ tiles: { axes } }: RunPlan, threads: number): number {
  const sizes = axes.reduce<number[]>(
    (all, { pieces }) => all.flatMap((cells) => pieces.map(({ read }) => cells * (read[1] - read[0]))),
    [1],
  )
  const loads = sizes.slice(0, threads).map((cells) => FIRST * cells)
  for (const cells of sizes.slice(threads)) loads[loads.indexOf(Math.min(...loads))] += cells
  return Math.max(...loads)
}

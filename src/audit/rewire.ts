import type { NetworkLayer } from './layer.ts'
import { upstreamOf } from './upstream.ts'

/** A layer of each of two networks; undefined where the other network has none like it. */
export interface Pair {
  readonly a: NetworkLayer | undefined
  readonly b: NetworkLayer | undefined
}

/** Layers of one side only beyond this are not paired by their wiring. */
const MOST_LEFT = 512

/**
 * Pairs what an order left over: layers that two files run in another order, as branches and heads may be. They go
 * together where they could be the same one and read layers that are paired already.
 *
 * @param pairs the pairs in their order
 * @param isLike whether two layers could be the same one
 */
export function rewired(
  pairs: readonly Pair[],
  layers: { readonly a: readonly NetworkLayer[]; readonly b: readonly NetworkLayer[] },
  isLike: (a: NetworkLayer, b: NetworkLayer) => boolean,
): readonly Pair[] {
  const left = pairs.flatMap(({ a, b }) => (a && !b ? [a] : []))
  const open = new Set(pairs.flatMap(({ a, b }) => (b && !a ? [b] : [])))
  if (left.length === 0 || open.size === 0 || Math.max(left.length, open.size) > MOST_LEFT) return pairs
  const [above, below] = [upstreamOf(layers.a), upstreamOf(layers.b)]
  const partner = new Map(pairs.flatMap(({ a, b }) => (a && b ? [[a, b] as const] : [])))
  const found = new Map<NetworkLayer, NetworkLayer>()
  for (let before = -1; before < found.size; ) {
    before = found.size
    for (const a of left) {
      if (found.has(a)) continue
      const b = [...open].find((one) => isLike(a, one) && areWiredAlike(above(a), below(one), partner))
      if (!b) continue
      open.delete(b)
      found.set(a, b)
      partner.set(a, b)
    }
  }
  // A text such as print(model) has no wiring: there goes together what has one like it on the other side, and no more.
  const isUnwired = (a: NetworkLayer, b: NetworkLayer): boolean => above(a)?.size === 0 || below(b)?.size === 0
  const alone = left.filter((a) => !found.has(a))
  for (const a of alone) {
    const like = [...open].filter((b) => isLike(a, b))
    const [b] = like
    if (like.length !== 1 || !isUnwired(a, b) || alone.some((other) => other !== a && isLike(other, b))) continue
    found.set(a, b)
  }
  for (const b of found.values()) open.delete(b)
  const taken = new Set(found.values())
  return pairs.flatMap(({ a, b }): Pair[] => {
    if (b && !a) return taken.has(b) ? [] : [{ a, b }]
    return [{ a, b: b ?? (a && found.get(a)) }]
  })
}

/** Whether most of what one reads is paired with what the other reads: sums and joins may be written otherwise. */
function areWiredAlike(
  a: ReadonlySet<NetworkLayer> | undefined,
  b: ReadonlySet<NetworkLayer> | undefined,
  partner: ReadonlyMap<NetworkLayer, NetworkLayer>,
): boolean {
  if (!a || !b) return false
  const shared = [...a].filter((layer) => {
    const other = partner.get(layer)
    return other !== undefined && b.has(other)
  }).length
  return 2 * shared >= Math.max(a.size, b.size) && (shared > 0 || a.size + b.size === 0)
}

/** Lists by what is said of their members, in the order in which that first comes: what is alike shares a line. */
export function grouped<T>(list: readonly T[], key: (one: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const one of list) {
    const said = key(one)
    const group = groups.get(said)
    if (group) group.push(one)
    else groups.set(said, [one])
  }
  return groups
}

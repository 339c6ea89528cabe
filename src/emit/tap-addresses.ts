import type { Column } from '../plan/dense.ts'

/** Variables that hold the same address, by their names, the first of which is `input`. */
export type AddressName = `input${number | ''}`

/**
 * The names of the address from which each tap of a tile reads. Taps that read a cell in common, at different pixels, have
 * different ones, at most as many as there are pixels.
 *
 * V8 14 takes loads from one address for one load, and keeps what was loaded until its last use. A tile of which neighbouring
 * pixels read the same cells then needs more registers than there are: its sums are moved to memory and back, and the rate is
 * halved (1x7 on Node 26: 36 GF/s of 73). Of variables that move on by themselves it does not know that they are equal. They
 * cost nothing that can be measured, neither there nor on engines that would not need them.
 */
export function tapAddresses(
  taps: readonly number[],
  pixels: number,
  { stride, dilation }: Pick<Column, 'stride' | 'dilation'>,
): ReadonlyMap<number, AddressName> {
  const names = new Map<number, AddressName>()
  for (const tap of taps) {
    const taken = [...names].filter(([other]) => {
      const apart = ((tap - other) * dilation) / stride // pixels
      return Number.isInteger(apart) && apart < pixels
    })
    let name: AddressName = 'input'
    for (let index = 1; taken.some(([, other]) => other === name); index++) name = `input${index}`
    names.set(tap, name)
  }
  return names
}

/** The same for every one of some names. */
export function forEach<Name extends string, T>(names: Iterable<Name>, value: T): Readonly<Record<Name, T>> {
  return Object.fromEntries([...names].map((name) => [name, value])) as Readonly<Record<Name, T>>
}

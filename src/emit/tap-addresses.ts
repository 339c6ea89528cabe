import type { Column } from '../plan/dense.ts'
import { multiples } from '../plan/gather.ts'
import type { TileKind } from '../plan/row-tiles.ts'
import type { Amount } from '../plan/tables.ts'
import type { Local } from '../wasm/code.ts'
import type { Bytes } from './loops.ts'
import type { SizeNumbers } from './size-numbers.ts'
import type { Behind } from './store-block.ts'

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

/** Where the pixels of a tile read some taps. */
export interface TapCells {
  /** The addresses from which they read, so many bytes behind where the tile reads first. */
  readonly inputs: Bytes<AddressName>
  /** The place of a pixel's tap, and so many bytes behind it. */
  readonly of: (at: Readonly<Record<AddressName, Local>>, tap: number, pixel: number, behind?: number) => Behind
}

/** Where bytes from cell to cell are a variable, there must be one tap, and each pixel reads from an address of its own. */
export function tapCells(
  taps: readonly number[],
  { start, pixels, reading }: TileKind,
  axis: Pick<Column, 'stride' | 'dilation'>,
  cell: Amount,
  numbers: SizeNumbers,
): TapCells {
  const cells = (tap: number, pixel: number): number => tap * axis.dilation + pixel * axis.stride - start
  if (typeof cell === 'number') {
    const names = tapAddresses(taps, pixels, axis)
    const of: TapCells['of'] = (at, tap, pixel, behind = 0) => {
      return { at: at[names.get(tap) as AddressName], place: behind + cells(tap, pixel) * cell }
    }
    return { inputs: forEach(names.values(), 0), of }
  }
  const [tap] = taps
  const { begin, end } = reading[tap]
  const each = multiples(end - begin, 1).map((index) => [
    `input${begin + index}`,
    numbers.of(cell, cells(tap, begin + index)),
  ])
  return {
    inputs: Object.fromEntries(each),
    of: (at, _, pixel, behind = 0) => ({ at: at[`input${pixel}`], place: behind }),
  }
}

/** The names of some addresses. */
export const namesOf = (inputs: Bytes<AddressName>): AddressName[] => Object.keys(inputs) as AddressName[]

/** The same for every one of some names. */
export function forEach<Name extends string, T>(names: Iterable<Name>, value: T): Readonly<Record<Name, T>> {
  return Object.fromEntries([...names].map((name) => [name, value])) as Readonly<Record<Name, T>>
}

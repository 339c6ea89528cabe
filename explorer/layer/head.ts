import type { Op } from 'samepad/geometry'
import { operations, type Sizes, sizeNames } from './state.ts'

/** The layer of a drawing in a line: `Convolution, input 8, kernel 3, stride 2, dilation 1`. */
export const headOf = (op: Op, sizes: Sizes): string =>
  capital([operations[op].name, ...sizeNames.map((name) => `${name} ${sizes[name]}`)].join(', '))

/** The same on two axes, rows first: `Convolution, input 8 x 9, kernel 3 x 3, stride 2 x 2, dilation 1 x 1`. */
export const headOfTwo = (op: Op, down: Sizes, across: Sizes): string =>
  capital([operations[op].name, ...sizeNames.map((name) => `${name} ${down[name]} x ${across[name]}`)].join(', '))

const capital = (text: string): string => text[0].toUpperCase() + text.slice(1)

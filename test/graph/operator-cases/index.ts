import type { OperatorCase } from './case.ts'
import { networks } from './networks.ts'
import { newest } from './newest.ts'
import { places } from './places.ts'
import { einsums } from './products.ts'
import { grids, resizes } from './resizing.ts'
import { single } from './single.ts'
import { types } from './types.ts'

// Small models of operators as operator sets 8 to 24 have them: what ONNX's own tests (to 17) do not reach, and forms that networks have.

/** All of them, by what they show. */
export const operatorCases: ReadonlyMap<string, OperatorCase> = new Map([
  ...[...single, ...resizes, ...grids, ...einsums],
  ...[...places, ...types, ...newest, ...networks],
])

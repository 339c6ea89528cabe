import { expect, it } from 'vitest'
import { spell } from '../../src/conventions/spell/index.ts'
import type { Op } from '../../src/index.ts'
import { casesOf, difference } from './cases.ts'
import { builder, type Operand } from './webnn-builder.ts'

it.each<Op>(['conv', 'convTranspose', 'maxPool', 'averagePool'])(
  'a stand-in, by its specification, for WebNN builds the code of %s',
  (op) => {
    const failures = casesOf(op, 150, 5).flatMap(({ name, geometry, options, x, weight, bias, expected }) => {
      try {
        const layer = new Function(`'use strict'; return ${spell(geometry, 'webnn', options)}`)()
        const { data, shape }: Operand = layer(builder, x, weight, bias)
        const wrong = difference(expected, data, shape, op)
        return wrong ? [`${name}: ${wrong}`] : []
      } catch (error) {
        return [`${name}: ${error}`]
      }
    })
    expect(failures.slice(0, 5)).toEqual([])
  },
)

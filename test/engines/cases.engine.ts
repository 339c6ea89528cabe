import { expect, it } from 'vitest'
import { effectiveKernel, type Op, outputSize } from '../../src/index.ts'
import { type Case, casesOf } from './cases.ts'

const ops: readonly Op[] = ['conv', 'convTranspose', 'maxPool', 'averagePool']
type Law = (one: Case) => boolean

const some =
  (law: (axis: Case['geometry']['axes'][number]) => boolean): Law =>
  ({ geometry }) =>
    geometry.axes.some(law)

/** What must be among the cases, and of which operations. */
const features: readonly [what: string, ops: readonly Op[], law: Law][] = [
  ['one axis', ops, ({ geometry }) => geometry.axes.length === 1],
  ['three axes', ops, ({ geometry }) => geometry.axes.length === 3],
  ['channels last', ops, ({ layout }) => layout === 'nhwc'],
  ['pads that differ', ops, some(({ padBegin, padEnd }) => padBegin !== padEnd)],
  ['an even kernel', ops, some(({ kernel }) => kernel % 2 === 0)],
  ['a stride above the kernel', ops, some((axis) => axis.stride > effectiveKernel(axis))],
  [
    'stride and dilation',
    ops,
    ({ geometry: { axes } }) => axes.some(({ stride }) => stride > 1) && axes.some(({ dilation }) => dilation > 1),
  ],
  ['pads above half the kernel', ops, some(({ padBegin, kernel }) => 2 * padBegin > kernel)],
  ['groups', ['conv', 'convTranspose'], ({ options }) => options.groups !== 1],
  ['a bias', ['conv', 'convTranspose'], ({ bias }) => bias !== undefined],
  [
    'cells that no tap reaches',
    ['convTranspose'],
    some((axis) => axis.output + axis.padBegin > (axis.input - 1) * axis.stride + effectiveKernel(axis)),
  ],
  [
    'more windows by ceilMode',
    ['maxPool', 'averagePool'],
    some((axis) => axis.output > outputSize(axis, axis.padBegin, axis.padEnd)),
  ],
  [
    'fewer windows by ceilMode',
    ['maxPool', 'averagePool'],
    some((axis) => axis.output < outputSize(axis, axis.padBegin, axis.padEnd)),
  ],
  ['padding in the divisor', ['averagePool'], ({ options }) => options.countIncludePad === true],
]

it.each(features)('the cases have %s', (_, among, law) => {
  for (const op of among) {
    for (const seed of [1, 2, 3]) expect(casesOf(op, 300, seed).filter(law).length).toBeGreaterThanOrEqual(3)
  }
})

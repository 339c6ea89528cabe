import type { Pads } from '../geometry/index.ts'
import type { View } from '../reference/elementwise.ts'
import { padParts } from '../run/layers/pad-parts.ts'
import { Values } from '../run/memory/memory.ts'
import { isSameShape } from '../run/memory/result.ts'
import { denseSteps } from '../tensor/dense.ts'
import type { KernelAttributes } from './library.ts'
import { type NamedPart, OUTPUT, type PartSource, partsTask } from './parts.ts'
import { stridedSelection } from './strided-slice.ts'
import type { KernelRow, KernelTask } from './task.ts'

const start = (steps: readonly number[]): View => ({ offset: 0, steps })

/** A tensor of elements of another one, which lie so many apart along each axis. */
function picked(shape: readonly number[], from: View): KernelTask {
  const problem = { sizes: shape, output: start(denseSteps(shape)), inputs: [from], steps: [], numbers: [] }
  return partsTask(shape, [{ problem, of: ['x'] }])
}

/** Tensors one after the other along an axis of the output, from the given places on. */
function joined(
  shape: readonly number[],
  names: readonly string[],
  along: number,
  sizes: readonly (readonly number[])[],
  steps: readonly number[],
): KernelTask {
  let offset = 0
  const parts = sizes.map((own, index): NamedPart => {
    const output = { offset, steps: steps.length > own.length ? steps.toSpliced(along, 1) : steps }
    offset += steps[along] * (steps.length > own.length ? 1 : own[along])
    return {
      problem: { sizes: own, output, inputs: [start(denseSteps(own))], steps: [], numbers: [] },
      of: [names[index]],
    }
  })
  return partsTask(shape, parts)
}

/** Along an axis of theirs, in which they may differ, or along a new one. */
function joinRow(name: string, isNew: boolean): KernelRow {
  return {
    name,
    plan(shapes, { axis: given }) {
      const all = Object.values(shapes) as (readonly number[])[]
      const rank = all[0].length + Number(isNew)
      const axis = (given as number) < 0 ? (given as number) + rank : (given as number)
      const others = (shape: readonly number[]): readonly number[] => (isNew ? shape : shape.with(axis, 0))
      // One tensor alone is no work for the library.
      if (all.length < 2 || !(axis >= 0 && axis < rank) || all.some(({ length }) => length !== all[0].length))
        return undefined
      if (!all.every((shape) => isSameShape(others(shape), others(all[0])))) return undefined
      const size = isNew ? all.length : all.reduce((sum, own) => sum + own[axis], 0)
      const shape = isNew ? all[0].toSpliced(axis, 0, size) : all[0].with(axis, size)
      return joined(shape, Object.keys(shapes), axis, all, denseSteps(shape))
    },
  }
}

const transpose: KernelRow = {
  name: 'Transpose',
  plan({ x }, { perm }) {
    const order = perm as readonly number[]
    if (!x || order.length !== x.length || !x.every((_, axis) => order.includes(axis))) return undefined
    const long = order.filter((axis) => x[axis] > 1)
    // What stays in order is no work for the library.
    if (long.every((axis, index) => index === 0 || axis > long[index - 1])) return undefined
    const steps = denseSteps(x)
    return picked(
      order.map((axis) => x[axis]),
      start(order.map((axis) => steps[axis])),
    )
  },
}

const slice: KernelRow = {
  name: 'Slice',
  plan({ x }, attrs) {
    if (!x) return undefined
    const { begin, sizes } = sliceOf(x, attrs)
    if (!sizes.every((size, axis) => size > 0 && begin[axis] >= 0 && begin[axis] + size <= x[axis])) return undefined
    const steps = denseSteps(x)
    const offset = begin.reduce((sum, first, axis) => sum + first * steps[axis], 0)
    return picked(sizes, { offset, steps })
  },
}

/** Where a slice begins, and its sizes: what is not given begins at 0, and goes to the end as what is negative does. */
function sliceOf(x: readonly number[], attrs: KernelAttributes): { begin: number[]; sizes: number[] } {
  const given = (name: string): readonly unknown[] => {
    const value = attrs[name]
    return Array.isArray(value) ? value : [value]
  }
  const [begins, sizes] = [given('begin'), given('size')]
  const begin = x.map((_, axis) => (begins[axis] as number | undefined) ?? 0)
  return {
    begin,
    sizes: x.map((cells, axis) => {
      const size = (sizes[axis] as number | undefined) ?? -1
      return size < 0 ? cells - begin[axis] : size
    }),
  }
}

const stridedSlice: KernelRow = {
  name: 'StridedSlice',
  plan({ x }, attrs) {
    const selection = x && stridedSelection(x, attrs)
    if (!selection) return undefined
    const { strides, shrinkAxisMask } = attrs as { strides: readonly number[]; shrinkAxisMask: number }
    // Beside dimensions of which one cell is taken the library reads other cells where there are steps.
    const isFault = shrinkAxisMask !== 0 && strides.some((stride) => stride !== 1)
    return { ...picked(selection.shape, selection.view), isFault }
  },
}

/** Stand for the tensors of a call while its parts are planned. */
const [input, output] = [new Values(new Float32Array(0)), new Values(new Float32Array(0))]

/** The kernel of a padding. */
function padRow(name: string, modeOf: (attrs: KernelAttributes) => 'constant' | 'reflect' | undefined): KernelRow {
  return {
    name,
    plan({ x }, attrs) {
      const { paddings, constantValue = 0 } = attrs as { paddings: readonly Pads[]; constantValue?: number }
      const mode = modeOf(attrs)
      if (!x || !mode || paddings.length !== x.length || paddings.flat().some((pad) => pad < 0)) return undefined
      if (mode === 'reflect' && paddings.some((pads, axis) => Math.max(...pads) >= x[axis])) return undefined
      const parts = padParts(input, output, x, paddings, mode, constantValue)
      const of = (values: Values): PartSource => (values === input ? 'x' : values === output ? OUTPUT : values)
      return (
        parts &&
        partsTask(
          x.map((size, axis) => paddings[axis][0] + size + paddings[axis][1]),
          parts.map(({ part, inputs }) => ({ problem: part.problem, of: inputs.map(of) })),
        )
      )
    },
  }
}

export const moveRows: readonly KernelRow[] = [
  joinRow('Concat', false),
  joinRow('Pack', true),
  transpose,
  slice,
  stridedSlice,
  padRow('PadV2', () => 'constant'),
  padRow('MirrorPad', ({ mode }) => (mode === 'reflect' ? 'reflect' : undefined)),
]

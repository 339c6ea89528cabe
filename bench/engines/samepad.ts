import * as samepad from '../../dist/index.js'
import type { BenchLayer } from '../layers.ts'
import { channelsFirst, channelsLast, type Task, type Values } from '../tensors.ts'
import type { Engine, Prepared } from './engine.ts'

/** Where input and output lie: where programs can use them in place, or in arrays, which each run copies. */
export type Place = 'program memory' | 'arrays'

/** samepad in one layout. */
export function samepadEngine(layout: samepad.Layout, place: Place, version: string): Engine {
  const name = `samepad${layout === 'nhwc' ? ' nhwc' : ''}`
  return {
    ...{ name, kind: 'samepad', version },
    prepare: async (task) => prepare(task, layout, place),
  }
}

/** A layer of samepad with the weights given. */
export function layerOf({ layer, weights }: Task, layout: samepad.Layout): samepad.Layer {
  const { geometry, groups, padding } = layer
  const { op } = geometry
  const options = { ...windowsOf(layer), padding, layout }
  if (op === 'conv') return samepad.prepareConv(weights, { ...options, groups })
  if (op === 'convTranspose') return samepad.prepareConvTranspose(weights, { ...options, groups })
  const kernel = geometry.axes.map((axis) => axis.kernel)
  return op === 'maxPool'
    ? samepad.prepareMaxPool({ ...options, kernel })
    : samepad.prepareAveragePool({ ...options, kernel })
}

function windowsOf({ geometry: { axes } }: BenchLayer): { strides: number[]; dilations: number[] } {
  return { strides: axes.map(({ stride }) => stride), dilations: axes.map(({ dilation }) => dilation) }
}

function prepare(task: Task, layout: samepad.Layout, place: Place): Prepared {
  const layer = layerOf(task, layout)
  const inLayout = layout === 'nhwc' ? channelsLast : (values: Values): Values => values
  const { data, shape } = inLayout(task.x)
  const allocate = (sizes: readonly number[], values?: Float32Array): samepad.Tensor =>
    place === 'arrays'
      ? { data: values?.slice() ?? new Float32Array(sizes.reduce((all, size) => all * size)), shape: sizes }
      : samepad.programTensor(sizes, values)
  const x = allocate(shape, data)
  const { shape: sizes } = layer.run(x)
  const y = allocate(sizes)
  const first = layout === 'nhwc' ? channelsFirst : (values: Values): Values => values
  return {
    run: () => layer.run(x, y),
    result: async () => {
      y.data.fill(Number.NaN) // so that a cell that no program writes is seen
      const { data, shape } = layer.run(x, y)
      return first({ data: data.slice(), shape })
    },
    release: () => {
      layer.release()
      for (const tensor of [x, y]) if ('release' in tensor) (tensor as samepad.ProgramTensor).release()
    },
    note: () => (layer.engine === 'reference' ? 'no program fits, its plain loops ran' : undefined),
  }
}

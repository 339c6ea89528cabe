import type { PrepareConvOptions } from '../dist/index.js'
import { prepareConv, programTensor, silu } from '../dist/index.js'
import { type Budget, interleave } from './interleave.ts'
import type { BenchLayer } from './layers.ts'
import { progress } from './progress.ts'
import type { EpiloguePrice } from './results.ts'
import { channelsLast, noise, taskOf, type Values } from './tensors.ts'

const layouts = ['nchw', 'nhwc'] as const

/** A network's dense layer, and its layers of one tap: little input for each output, and little output for each input. */
const names = ['resnet50 3x3 56', 'resnet50 1x1 reduce', 'resnet50 1x1 expand']

/** What stands behind a convolution, by name; numbers for each channel are made to fit. */
const epilogues: Readonly<Record<string, (channels: number) => PrepareConvOptions>> = {
  scale: (channels) => ({ scale: noise([channels], 5).data, shift: noise([channels], 6).data }),
  relu: () => ({ activation: 'relu' }),
  residual: () => ({ residual: 'add-before', activation: 'relu' }),
  silu: () => ({ activation: silu }),
}

/** What an epilogue costs: a layer with a bias and with the epilogue behind it, in turns with the layer with a bias. */
export async function epiloguePrices(layers: readonly BenchLayer[], budget: Budget): Promise<EpiloguePrice[]> {
  const found: EpiloguePrice[] = []
  for (const layer of layers.filter(({ name }) => names.includes(name))) {
    for (const layout of layouts) {
      progress(`epilogues: ${layer.name} ${layout}`)
      found.push(...(await pricesOf(layer, layout, budget)))
    }
  }
  return found
}

async function pricesOf(layer: BenchLayer, layout: (typeof layouts)[number], budget: Budget): Promise<EpiloguePrice[]> {
  const { x, weights } = taskOf(layer)
  const { axes } = layer.geometry
  const inLayout = (values: Values): Values => (layout === 'nhwc' ? channelsLast(values) : values)
  const place = (values: Values) => programTensor(inLayout(values).shape, inLayout(values).data)
  const shape = [layer.batch, layer.outChannels, ...axes.map(({ output }) => output)]
  const [input, output, residual] = [x, noise(shape, 3), noise(shape, 4)].map(place)
  const windows = { strides: axes.map(({ stride }) => stride), dilations: axes.map(({ dilation }) => dilation) }
  const bias = noise([layer.outChannels], 2).data
  const all = [{}, ...Object.values(epilogues).map((of) => of(layer.outChannels))].map(
    (options: PrepareConvOptions) => {
      const prepared = prepareConv(weights, { ...windows, padding: layer.padding, layout, bias, ...options })
      const run = options.residual ? () => prepared.run(input, output, residual) : () => prepared.run(input, output)
      return { prepared, run }
    },
  )
  const [bare, ...times] = await interleave(
    all.map(({ run }) => run),
    budget,
  )
  for (const { prepared } of all) prepared.release()
  for (const tensor of [input, output, residual]) tensor.release()
  return Object.keys(epilogues).map((epilogue, at) => {
    return { layer: layer.name, layout, epilogue, bare, ms: times[at], costs: times[at] / bare - 1 }
  })
}

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ConstantOf, modelBytes, type NodeOf } from '../graph/onnx-bytes.ts'

// Networks with trained weights that ship in packages, written as ONNX.

const modules = join(import.meta.dirname, '../../bench/node_modules')

interface KerasLayer {
  readonly class_name: string
  readonly name: string
  readonly config: { readonly kernel_size: number[]; readonly padding: string; readonly size: number[] }
  readonly inbound_nodes: readonly (readonly (readonly [string, ...unknown[]])[])[]
}

/** A node of each kind of layer, for what it reads. Channels are the second axis in ONNX. */
const nodeOf: Readonly<Record<string, (layer: KerasLayer, read: readonly string[]) => NodeOf>> = {
  Conv2D: ({ name, config }, [from]) => {
    const auto_pad = config.padding === 'same' ? 'SAME_UPPER' : 'VALID'
    return ['Conv', [from, `${name}/kernel`, `${name}/bias`], [name], { kernel_shape: config.kernel_size, auto_pad }]
  },
  Activation: ({ name }, read) => ['Relu', read, [name]], // the only one there is
  Concatenate: ({ name }, read) => ['Concat', read, [name], { axis: 1 }],
  Add: ({ name }, read) => ['Add', read, [name]],
  UpSampling2D: ({ name, config }, [from]) => enlarged(from, name, config.size[0]),
}

const enlarged = (from: string, to: string, times: number): NodeOf => [
  'Resize',
  [from, '', `times ${times}`],
  [to],
  { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
]
const timesOf = (times: number): Record<string, ConstantOf> => ({
  [`times ${times}`]: { shape: [4], data: [1, 1, times, times] },
})

/** `@upscalerjs/esrgan-slim`: makes a picture (0 to 255) so many times as large. A Keras model in a TensorFlow.js file. */
export function esrganSlim(times: 2 | 3 | 4 | 8): Uint8Array {
  const folder = join(modules, `@upscalerjs/esrgan-slim/models/x${times}`)
  const { modelTopology, weightsManifest } = JSON.parse(readFileSync(join(folder, 'model.json'), 'utf8'))
  const { layers, output_layers } = modelTopology.model_config.config
  const { buffer } = new Uint8Array(readFileSync(join(folder, 'group1-shard1of1.bin')))
  const constants: Record<string, ConstantOf> = Object.assign({}, ...[2, 3, 4, 8].map(timesOf))
  let at = 0
  for (const { name, shape } of weightsManifest[0].weights as { name: string; shape: number[] }[]) {
    const data = new Float32Array(
      buffer,
      at,
      shape.reduce((a, b) => a * b, 1),
    )
    at += data.byteLength
    constants[name] = shape.length === 4 ? outputFirst(data, shape) : { shape, data }
  }
  const [input, ...others] = layers as KerasLayer[]
  return modelBytes({
    inputs: { [input.name]: [1, 3, 'height', 'width'] },
    outputs: [output_layers[0][0]],
    nodes: others.map((layer) =>
      nodeOf[layer.class_name](
        layer,
        layer.inbound_nodes[0].map(([name]) => name),
      ),
    ),
    constants,
  })
}

/** Weights in the order height, width, input, output as output, input, height, width. */
function outputFirst(data: Float32Array, [height, width, inputs, outputs]: readonly number[]): ConstantOf {
  const taps = height * width
  const turned = Float32Array.from(data, (_, index) => {
    const [tap, input, output] = [index % taps, Math.floor(index / taps) % inputs, Math.floor(index / taps / inputs)]
    return data[(tap * inputs + input) * outputs + output]
  })
  return { shape: [outputs, inputs, height, width], data: turned }
}

/** Intel Open Image Denoise by the package `denoiser`: a U-Net that takes noise out of a picture (0 to 1, sizes multiples of 16). */
export function imageDenoise(name: 'rt_ldr' | 'rt_ldr_small'): Uint8Array {
  const nodes: NodeOf[] = []
  const conv = (from: string, to: string): string => {
    const attributes = { kernel_shape: [3, 3], pads: [1, 1, 1, 1] }
    nodes.push(
      ['Conv', [from, `${to}.weight`, `${to}.bias`], [`${to} sums`], attributes],
      ['Relu', [`${to} sums`], [to]],
    )
    return to
  }
  const pool = (from: string): string => {
    nodes.push(['MaxPool', [from], [`${from} pooled`], { kernel_shape: [2, 2], strides: [2, 2] }])
    return `${from} pooled`
  }
  const up = (from: string, beside: string): string => {
    nodes.push(enlarged(from, `${from} larger`, 2), [
      'Concat',
      [`${from} larger`, beside],
      [`${from} joined`],
      { axis: 1 },
    ])
    return `${from} joined`
  }
  const pooled = [pool(conv(conv('picture', 'enc_conv0'), 'enc_conv1'))]
  for (const level of [2, 3, 4]) pooled.unshift(pool(conv(pooled[0], `enc_conv${level}`)))
  let value = conv(conv(pooled[0], 'enc_conv5a'), 'enc_conv5b')
  for (const [index, beside] of [...pooled.slice(1), 'picture'].entries()) {
    const level = 4 - index
    value = conv(conv(up(value, beside), `dec_conv${level}a`), `dec_conv${level}b`)
  }
  nodes.push([
    'Conv',
    [value, 'dec_conv0.weight', 'dec_conv0.bias'],
    ['clean'],
    { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
  ])
  return modelBytes({
    inputs: { picture: [1, 3, 'height', 'width'] },
    outputs: ['clean'],
    nodes,
    constants: { ...timesOf(2), ...readTza(join(modules, `denoiser/tzas/${name}.tza`)) },
  })
}

/** Tensors of half floats in a file of Open Image Denoise: a table at its end says where each lies. */
function readTza(path: string): Record<string, ConstantOf> {
  const { buffer } = new Uint8Array(readFileSync(path))
  const view = new DataView(buffer)
  let at = Number(view.getBigUint64(4, true))
  const count = view.getUint32(at, true)
  const tensors: Record<string, ConstantOf> = {}
  at += 4
  for (let tensor = 0; tensor < count; tensor++) {
    const length = view.getUint16(at, true)
    const name = Buffer.from(buffer, at + 2, length).toString()
    at += 2 + length
    const rank = view.getUint8(at)
    const shape = Array.from({ length: rank }, (_, axis) => view.getUint32(at + 1 + 4 * axis, true))
    at += 1 + 5 * rank + 1 // sizes, a letter for each, and one for the type
    const begin = Number(view.getBigUint64(at, true))
    at += 8
    const data = Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, index) =>
      halfFloat(view.getUint16(begin + 2 * index, true)),
    )
    tensors[name] = { shape, data }
  }
  return tensors
}

/** A number of 16 bits: sign, 5 of the exponent, 10 of the fraction. */
function halfFloat(bits: number): number {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

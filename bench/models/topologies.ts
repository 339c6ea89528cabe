import { denseNet, googLeNet, inceptionV2, resNet50, squeezeNet } from './image-net.ts'
import { mobileNetV3, shuffleNet } from './mobile.ts'
import { convNext, detector, unet, vocoder } from './others.ts'

/** A network whose layers are those of a well-known one, with random weights. */
export interface Topology {
  readonly name: string
  /** The bytes of an ONNX model with one input `x`, the same each time. */
  readonly bytes: () => Uint8Array
  /** The size that it is measured on. */
  readonly shape: readonly number[]
  /** Smaller sizes, for tests. */
  readonly sizes: readonly (readonly number[])[]
  /** By how many cells the sides of a picture grow: by any number, where nothing is said. */
  readonly side?: number
}

const pictures = (...sizes: readonly (readonly [number, number])[]): readonly (readonly number[])[] => [
  [1, 3, ...sizes[0]],
  ...sizes.slice(1).map((size) => [1, 3, ...size]),
  [3, 3, ...sizes[0]],
]
const whole = [1, 3, 224, 224]

/** Networks for the bench and for tests. */
export const topologies: readonly Topology[] = [
  { name: 'ResNet-50', bytes: resNet50, shape: whole, sizes: pictures([64, 64], [75, 50]) },
  { name: 'SqueezeNet 1.1', bytes: squeezeNet, shape: whole, sizes: pictures([64, 64], [83, 61]) },
  { name: 'ShuffleNet', bytes: shuffleNet, shape: whole, sizes: pictures([64, 64], [83, 61]) },
  { name: 'DenseNet-121', bytes: denseNet, shape: whole, sizes: pictures([64, 64], [75, 90]) },
  { name: 'GoogLeNet', bytes: googLeNet, shape: whole, sizes: pictures([64, 64], [83, 61]) },
  { name: 'Inception v2', bytes: inceptionV2, shape: whole, sizes: pictures([64, 64], [83, 61]) },
  { name: 'MobileNetV3 large', bytes: mobileNetV3, shape: whole, sizes: pictures([64, 64], [83, 61]) },
  { name: 'U-Net', bytes: unet, shape: [1, 3, 192, 192], sizes: pictures([48, 48], [32, 80]), side: 16 },
  { name: 'FPN detector', bytes: detector, shape: [1, 3, 256, 256], sizes: pictures([64, 64], [96, 128]), side: 32 },
  { name: 'ConvNeXt blocks', bytes: convNext, shape: whole, sizes: pictures([64, 64], [96, 32]), side: 32 },
  {
    name: 'Vocoder',
    bytes: vocoder,
    shape: [1, 80, 64],
    sizes: [
      [1, 80, 8],
      [1, 80, 13],
      [3, 80, 8],
    ],
  },
]

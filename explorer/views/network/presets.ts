/** Networks as chains of the layers that look beyond one cell; 1x1 layers leave the grid where it is. */
export interface Preset {
  readonly name: string
  /** The input size that it is usually run with. */
  readonly size: number
  readonly chain: string
  readonly source: string
}

export const presets: readonly Preset[] = [
  {
    name: 'ResNet-50',
    size: 224,
    chain: 'k7 s2, maxpool k3 s2, k3 x3, k3 s2, k3 x3, k3 s2, k3 x5, k3 s2, k3 x2',
    source: 'torchvision resnet50: the stride in the 3x3 layer of a bottleneck',
  },
  {
    name: 'MobileNetV2',
    size: 224,
    chain: 'k3 s2, k3, k3 s2, k3, k3 s2, k3 x2, k3 s2, k3 x6, k3 s2, k3 x3',
    source: 'the depthwise layers of keras.applications MobileNetV2',
  },
  {
    name: 'BlazeFace',
    size: 128,
    chain: 'k5 s2, k3 x2, k3 s2, k3 x2, k3 s2, k3 x5, k3 s2, k3 x4',
    source: 'MediaPipe, short range: the stem and the depthwise layers of sixteen blocks',
  },
  {
    name: 'VAE encoder',
    size: 512,
    chain: 'k3 x5, k3 s2, k3 x4, k3 s2, k3 x4, k3 s2, k3 x9',
    source: 'Stable Diffusion: three downsamplings, which pad (0, 1) by hand',
  },
  {
    name: 'DeepLabv3',
    size: 513,
    chain: 'k7 s2, maxpool k3 s2, k3 x3, k3 s2, k3 x3, k3 s2, k3 x5, k3 d2 x3, k3 d12',
    source: 'ResNet-50 at output stride 16, with the middle branch of the pyramid',
  },
]

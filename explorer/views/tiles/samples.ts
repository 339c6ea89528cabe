import type { SampleName } from './state.ts'

// Networks that come with the page, as files of ncnn: text, without weights, which nobody needs to cut a picture.

export interface Sample {
  readonly title: string
  /** The name of its file. */
  readonly name: string
  /** What is in it; undefined for one that lies beside the page. */
  readonly text: string | undefined
}

/** A file of ncnn: its layers, one a line, behind a count of them. */
function written(lines: readonly string[]): string {
  const blobs = lines.reduce((sum, line) => sum + Number(line.trim().split(/\s+/)[3]), 0)
  return ['7767517', `${lines.length} ${blobs}`, ...lines, ''].join('\n')
}

/** A convolution that pads `pad` on all sides, with ReLU. */
const conv = (name: string, from: string, [inputs, outputs]: readonly number[], kernel = 3, dilation = 1): string => {
  const pad = ((kernel - 1) / 2) * dilation
  const weights = inputs * outputs * kernel * kernel
  return `Convolution ${name} 1 1 ${from} ${name} 0=${outputs} 1=${kernel} 2=${dilation} 4=${pad} 5=1 6=${weights} 9=1`
}
const halved = (name: string, from: string): string => `Pooling ${name} 1 1 ${from} ${name} 0=0 1=2 2=2 5=1`
const doubled = (name: string, from: string, inputs: number, outputs: number): string =>
  `Deconvolution ${name} 1 1 ${from} ${name} 0=${outputs} 1=2 3=2 5=1 6=${inputs * outputs * 4}`
const input = 'Input data 0 1 data 0=256 1=256 2=3'

export const samples: Readonly<Record<SampleName, Sample>> = {
  unet: {
    title: 'a U-Net, halved three times',
    name: 'unet.param',
    text: written([
      ...[input, conv('enc1', 'data', [3, 16]), halved('down1', 'enc1')],
      ...[conv('enc2', 'down1', [16, 32]), halved('down2', 'enc2')],
      ...[conv('enc3', 'down2', [32, 64]), halved('down3', 'enc3'), conv('middle', 'down3', [64, 128])],
      ...[doubled('up3', 'middle', 128, 64), 'Concat cat3 2 1 up3 enc3 cat3 0=0', conv('dec3', 'cat3', [128, 64])],
      ...[doubled('up2', 'dec3', 64, 32), 'Concat cat2 2 1 up2 enc2 cat2 0=0', conv('dec2', 'cat2', [64, 32])],
      ...[doubled('up1', 'dec2', 32, 16), 'Concat cat1 2 1 up1 enc1 cat1 0=0', conv('dec1', 'cat1', [32, 16])],
      conv('output', 'dec1', [16, 2], 1),
    ]),
  },
  enlarging: {
    title: 'super-resolution, three times as large',
    name: 'enlarging.param',
    text: written([
      ...[input, conv('conv1', 'data', [3, 64], 5), conv('conv2', 'conv1', [64, 32], 3)],
      ...[conv('conv3', 'conv2', [32, 32], 3, 2), conv('conv4', 'conv3', [32, 27], 3)],
      'PixelShuffle output 1 1 conv4 output 0=3',
    ]),
  },
  detector: {
    title: 'the detector of examples/ports',
    name: 'examples/ports/detector.param',
    text: undefined,
  },
  attending: {
    title: 'one that looks at the whole picture',
    name: 'attending.param',
    text: written([
      ...[input, conv('conv1', 'data', [3, 16]), conv('conv2', 'conv1', [16, 16])],
      ...['Pooling squeeze 1 1 conv2 squeeze 0=1 4=1', conv('excite', 'squeeze', [16, 16], 1)],
      ...['BinaryOp scaled 2 1 conv2 excite scaled 0=2', conv('output', 'scaled', [16, 2])],
    ]),
  },
}

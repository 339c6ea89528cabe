import type { Op } from '../../geometry/index.ts'

/** Rows that stand for an idea where no framework is meant. Whoever asks names the idea, never the framework. */
export const chosen = {
  /** Numbers for each side, of which nothing is refused but negative ones. */
  numbers: 'onnx.explicit',
  croppedByNumbers: 'onnx.transposed.explicit',
  /** What comes to ceil(input / stride) outputs; they take a stride with a dilation. */
  upper: 'onnx.same-upper',
  lower: 'onnx.same-lower',
  symmetric: 'pytorch.symmetric',
  /** Pools by numbers, in the runtime by which most models are run. */
  commonPool: 'onnxruntime.pool.explicit',
  /** Pools that keep a last window that begins in the padding at the end. */
  keepsLast: 'tfjs.pool.explicit',
  /** What diffusion models write by hand before a stride of 2. */
  downsample: 'diffusers.downsample',
} as const

/** The row for a padding, or a crop, that is given as numbers. */
export const byNumbers = (op: Op): string => (op === 'convTranspose' ? chosen.croppedByNumbers : chosen.numbers)

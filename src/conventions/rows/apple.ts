import type { Convention } from '../convention.ts'
import { ALL, AVERAGE, CONV, forward, MAX, POOLS, transposed } from './row.ts'

const upper = 'coremltools NeuralNetwork.proto SamePadding BOTTOM_RIGHT_HEAVY'
const lower = 'coremltools NeuralNetwork.proto SamePadding TOP_LEFT_HEAVY'
const mil = 'coremltools converters/mil/mil/ops/defs/iOS15/conv.py, pool.py, pad_type'
const milTranspose = 'coremltools converters/mil/mil/ops/defs/iOS15/conv.py conv_transpose'
const mps = 'MPSGraphPaddingStyle'
const mlxPool = 'mlx python/mlx/nn/layers/pooling.py _Pool'
const oneNumber = ['uneven padding', 'negative padding', 'dilation'] as const
const CONV_MAX = [...CONV, ...MAX]

// biome-ignore format: a table
export const apple: readonly Convention[] = [
  forward('coreml.same', CONV_MAX, 'minimal', 'smaller half', upper, { weight: 2 }),
  forward('coreml.same-lower', CONV_MAX, 'minimal', 'larger half', lower),
  forward('coreml.valid', ALL, 'none', 'nothing', mil),
  forward('coreml.explicit', CONV_MAX, 'given', 'given', mil, { rejects: ['negative padding'] }),
  forward('coreml.avg-pool.same', AVERAGE, 'minimal', 'smaller half', upper, { zeros: 'unless declined' }),
  forward('coreml.avg-pool.same-lower', AVERAGE, 'minimal', 'larger half', lower, { zeros: 'unless declined' }),
  forward('coreml.avg-pool.explicit', AVERAGE, 'given', 'given', mil, { rejects: ['negative padding'], zeros: 'unless declined' }),
  forward('coreml.pool.include-last-pixel', POOLS, 'given', 'given', 'coremltools NeuralNetwork.proto ValidCompletePadding', {
    rejects: ['uneven padding', 'negative padding'], roundsUp: true, ceil: 'drop if padded', zeros: 'unless declined',
  }),
  transposed('coreml.transposed.same', 'scaled', 'smaller half of the rest', milTranspose),
  transposed('coreml.transposed.valid', 'full', 'none', milTranspose),
  transposed('coreml.transposed.explicit', 'cropped by numbers alone', 'given', milTranspose, { rejects: ['negative padding given'] }),
  forward('mps.same', ALL, 'minimal', 'smaller half', `${mps} TF_SAME`, { zeros: 'optional' }),
  forward('mps.same-lower', ALL, 'minimal', 'larger half', `${mps} ONNX_SAME_LOWER`, { zeros: 'optional' }),
  forward('mps.valid', ALL, 'none', 'nothing', `${mps} TF_VALID`),
  forward('mps.explicit', ALL, 'given', 'given', `${mps} Explicit; includeZeroPadToAverage`, { zeros: 'optional' }),
  forward('mlx.explicit', CONV, 'given', 'given', 'mlx mlx/ops.cpp conv_general'),
  forward('mlx.max-pool.explicit', MAX, 'given', 'given', mlxPool, { rejects: oneNumber }),
  forward('mlx.avg-pool.explicit', AVERAGE, 'given', 'given', mlxPool, { rejects: oneNumber, zeros: 'always' }),
  transposed('mlx.transposed.explicit', 'cropped', 'given', 'mlx mlx/ops.cpp conv_transpose_general', { rejects: ['uneven padding given', 'negative padding given'] }),
]

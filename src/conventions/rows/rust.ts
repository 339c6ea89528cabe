import type { Convention } from '../convention.ts'
import { ALL, AVERAGE, CONV, forward, MAX, POOLS, transposed } from './row.ts'

const burn = 'burn crates/burn-nn/src/padding.rs calculate_same_padding'
const burnPool = 'burn crates/burn-nn/src/modules/pool; issue 5791'
const burnTranspose = 'burn crates/burn-nn/src/modules/conv/conv_transpose2d.rs'
const keepsTail = 'ceil mode keeps a last window that sees only padding'
const uneven = 'uneven padding of an average is written as real zeros, and counted'
const candle = 'candle candle-core/src/conv.rs'
const tract = 'tract core/src/ops/cnn/padding.rs'
const rten = 'rten src/op_registry/onnx_registry.rs get_padding'
const rtenTranspose = 'rten src/ops/conv_transpose.rs conv_transpose_output_size_and_padding'
const noDilation = 'leaves the dilation out of the padding, so the output is too short'
const oneNumber = ['uneven padding', 'negative padding'] as const
const oneCrop = ['uneven padding given', 'negative padding given'] as const

// biome-ignore format: a table
export const rust: readonly Convention[] = [
  forward('burn.same', CONV, 'minimal, dilation ignored', 'smaller half', burn, { fault: { what: noDilation, wanted: 'tensorflow.same' } }),
  forward('burn.3d.same-3d', CONV, 'minimal, dilation ignored', 'smaller half', 'burn crates/burn-nn/src/padding.rs calculate_padding_3d; issue 4837', {
    versions: { from: '0.21' }, rejects: ['uneven padding'], fault: { what: `${noDilation}; in 3-D, uneven padding panics`, wanted: 'tensorflow.same' },
  }),
  forward('burn.valid', ALL, 'none', 'nothing', burn),
  forward('burn.explicit', CONV, 'given', 'given', burn, { rejects: ['negative padding'] }),
  forward('burn.max-pool.same', MAX, 'minimal, dilation ignored', 'smaller half', burnPool, { fault: { what: noDilation, wanted: 'tensorflow.same' } }),
  forward('burn.max-pool.explicit', MAX, 'given', 'given', burnPool, { rejects: ['negative padding'], ceil: 'keep', fault: { what: keepsTail, wanted: 'onnx.explicit' } }),
  forward('burn.avg-pool.same', AVERAGE, 'minimal', 'smaller half', burnPool, {
    rejects: ['dilation'], zeros: 'unless declined, or uneven', fault: { what: uneven, wanted: 'flax.avg-pool.same' },
  }),
  forward('burn.avg-pool.explicit', AVERAGE, 'given', 'given', burnPool, {
    rejects: ['negative padding', 'dilation'], ceil: 'keep', zeros: 'unless declined, or uneven', fault: { what: `${keepsTail}; ${uneven}`, wanted: 'flax.avg-pool.explicit' },
  }),
  transposed('burn.transposed.explicit', 'cropped', 'given', burnTranspose, { rejects: oneCrop }),
  forward('candle.same', CONV, 'unclamped, dilation ignored', 'smaller half', 'candle Conv2DSame', {
    rejects: ['negative padding'], fault: { what: `${noDilation}; a negative total panics`, wanted: 'tensorflow.same' },
  }),
  forward('candle.explicit', CONV, 'given', 'given', candle, { rejects: oneNumber }),
  forward('candle.pool.valid', POOLS, 'none', 'nothing', 'candle candle-core/src/tensor.rs max_pool2d, avg_pool2d', { rejects: ['dilation'] }),
  transposed('candle.transposed.explicit', 'cropped', 'given', candle, { rejects: oneCrop }),
  forward('tract.same-upper', ALL, 'minimal', 'smaller half', tract, { zeros: 'optional' }),
  forward('tract.same-lower', ALL, 'minimal', 'larger half', tract, { zeros: 'optional' }),
  forward('tract.valid', ALL, 'none', 'nothing', tract),
  forward('tract.explicit', CONV, 'given', 'given', tract, { rejects: ['negative padding'] }),
  forward('tract.pool.explicit', POOLS, 'given', 'given', tract, { rejects: ['negative padding'], zeros: 'optional' }),
  transposed('tract.transposed.same-upper', 'scaled', 'smaller half', 'tract core/src/ops/cnn/padding.rs same_for_deconv', {
    rejects: ['kernel below stride plus one'], fault: { what: 'refuses kernels no larger than the stride', wanted: 'onnx.transposed.same-upper' },
  }),
  transposed('tract.transposed.explicit', 'cropped', 'given', tract, { rejects: ['negative padding given'] }),
  forward('rten.same-upper', ALL, 'minimal', 'smaller half', rten, { zeros: 'optional' }),
  forward('rten.same-lower', ALL, 'minimal', 'smaller half', rten, { zeros: 'optional', fault: { what: 'SAME_LOWER is run as SAME_UPPER', wanted: 'onnx.same-lower' } }),
  forward('rten.valid', ALL, 'none', 'nothing', rten),
  forward('rten.explicit', ALL, 'given', 'given', 'rten src/ops/pooling.rs, src/ops/conv.rs', { rejects: ['negative padding'], zeros: 'optional' }),
  transposed('rten.transposed.same-upper', 'scaled', 'smaller half', rtenTranspose, {
    rejects: ['kernel below stride'], fault: { what: 'refuses a kernel smaller than the stride', wanted: 'onnx.transposed.same-upper' },
  }),
  transposed('rten.before-0.25.transposed.same-upper', 'scaled', 'larger half', 'rten before PR #1399', {
    versions: { below: '0.25' }, rejects: ['kernel below stride'],
    fault: { what: 'on two axes the width is cropped by what the height is to be cropped by at its end', wanted: 'onnx.transposed.same-upper' },
  }),
  transposed('rten.transposed.explicit', 'cropped', 'given', rtenTranspose, { rejects: ['negative padding given'] }),
  forward('wonnx.same-upper', CONV, 'unclamped, dilation ignored', 'half towards zero', 'wonnx compiler.rs', { fault: { what: `${noDilation}; the total is not clamped at 0`, wanted: 'onnx.same-upper' } }),
  forward('wonnx.explicit', CONV, 'given', 'given', 'wonnx compiler.rs', { rejects: ['negative padding'] }),
]

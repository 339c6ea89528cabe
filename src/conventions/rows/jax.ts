import type { Convention } from '../convention.ts'
import { ALL, AVERAGE, CONV, forward, MAX, transposed } from './row.ts'

const pads = 'jax _src/lax/lax.py padtype_to_pads'
const small = 'an empty output, however small the input'
const transpose = 'jax _src/lax/convolution.py _conv_transpose_padding'
const numbers = 'jax _src/lax/convolution.py conv_transpose, numbers without use_consistent_padding'
const flax = 'flax linen/linear.py Conv'
const flaxPool = 'flax linen/pooling.py'
const flaxAverage = 'flax linen/pooling.py avg_pool(count_include_pad=True)'
const haikuTranspose = 'haiku _src/conv.py ConvNDTranspose, compute_adjusted_padding'
const equinox = 'equinox nn/_conv.py Conv'
const equinoxPool = 'equinox nn/_pool.py Pool, _update_padding_for_ceil'
const equinoxTranspose = 'equinox nn/_conv.py ConvTranspose._padding_transpose'
const CONV_MAX = [...CONV, ...MAX]

// biome-ignore format: a table
export const jax: readonly Convention[] = [
  forward('jax.same', ALL, 'minimal', 'smaller half', pads, { empty: small, weight: 3 }),
  forward('jax.same-lower', ALL, 'minimal', 'larger half', pads, { empty: small, weight: 2 }),
  forward('jax.valid', ALL, 'none', 'nothing', pads, { empty: small, weight: 2 }),
  forward('jax.explicit', ALL, 'given', 'given', pads, { empty: small, weight: 2 }),
  transposed('jax.transposed.same', 'scaled only', 'smaller half of the rest', transpose, { weight: 3 }),
  transposed('jax.transposed.valid', 'at least the stride', 'none', transpose, { weight: 2 }),
  transposed('jax.transposed.explicit', 'padded by numbers', 'given around the input', numbers, { weight: 2 }),
  transposed('jax.consistent.transposed.explicit', 'cropped by numbers alone', 'given', `${transpose}, use_consistent_padding=True`),

  forward('flax.same', CONV_MAX, 'minimal', 'smaller half', flax, { empty: small, weight: 2 }),
  forward('flax.same-lower', CONV_MAX, 'minimal', 'larger half', flax, { empty: small }),
  forward('flax.valid', ALL, 'none', 'nothing', flax, { empty: small, weight: 2 }),
  forward('flax.explicit', CONV_MAX, 'given', 'given', `${flax}, canonicalize_padding`, { empty: small }),
  forward('flax.circular', CONV, 'kernel', 'smaller half', `${flax}, CIRCULAR and REFLECT`),
  forward('flax.causal', CONV, 'kernel', 'all', `${flax}, CAUSAL`, { weight: 2 }),
  forward('flax.avg-pool.same', AVERAGE, 'minimal', 'smaller half', flaxAverage, { empty: small, zeros: 'unless declined' }),
  forward('flax.avg-pool.explicit', AVERAGE, 'given', 'given', flaxPool, { empty: small, zeros: 'unless declined' }),
  transposed('flax.transposed.same', 'scaled only', 'smaller half of the rest', 'flax linen/linear.py ConvTranspose', { weight: 2 }),
  transposed('flax.transposed.valid', 'at least the stride', 'none', 'flax linen/linear.py ConvTranspose'),
  transposed('flax.transposed.explicit', 'padded by numbers', 'given around the input', 'flax linen/linear.py ConvTranspose, lax.conv_transpose'),

  forward('haiku.same', ALL, 'minimal', 'smaller half', 'haiku _src/conv.py, padding="SAME"', { empty: small }),
  forward('haiku.valid', ALL, 'none', 'nothing', 'haiku _src/conv.py, _src/pool.py', { empty: small }),
  forward('haiku.explicit', CONV, 'given', 'given', 'haiku _src/conv.py ConvND', { empty: small }),
  forward('haiku.pad-same', CONV, 'kernel', 'smaller half', 'haiku _src/pad.py same'),
  forward('haiku.causal', CONV, 'kernel', 'all', 'haiku _src/pad.py causal'),
  forward('haiku.reverse-causal', CONV, 'kernel', 'nothing', 'haiku _src/pad.py reverse_causal'),
  forward('haiku.full', CONV, 'full', 'smaller half', 'haiku _src/pad.py full'),
  transposed('haiku.transposed.same', 'scaled', 'smaller half of the rest', haikuTranspose, { rejects: ['an output that SAME does not lead back from'] }),
  transposed('haiku.transposed.valid', 'at least the stride, or asked for', 'none', haikuTranspose, { rejects: ['an output that VALID does not lead back from'] }),
  transposed('haiku.transposed.explicit', 'padded by numbers', 'given around the input', 'haiku _src/conv.py ConvNDTranspose, lax.conv_transpose'),

  forward('equinox.same', CONV, 'minimal', 'smaller half', equinox, { empty: small }),
  forward('equinox.same-lower', CONV, 'minimal', 'larger half', equinox, { empty: small }),
  forward('equinox.valid', CONV, 'none', 'nothing', equinox, { empty: small }),
  forward('equinox.explicit', CONV, 'given', 'given', equinox, { empty: small }),
  forward('equinox.max-pool.explicit', MAX, 'given', 'given', equinoxPool, { rejects: ['padding above the kernel', 'dilation'], empty: small, ceil: 'keep' }),
  forward('equinox.avg-pool.explicit', AVERAGE, 'given', 'given', equinoxPool, {
    rejects: ['padding above the kernel', 'dilation'], empty: small, ceil: 'keep', zeros: 'always', zerosEnd: 'tail',
  }),
  transposed('equinox.transposed.same', 'equinox', 'smaller half', equinoxTranspose, { rejects: ['output padding of the stride'] }),
  transposed('equinox.transposed.same-lower', 'equinox', 'larger half', equinoxTranspose, { rejects: ['output padding of the stride'] }),
  transposed('equinox.transposed.valid', 'full and more', 'none', equinoxTranspose, { rejects: ['output padding of the stride'] }),
  transposed('equinox.transposed.explicit', 'cropped', 'given', equinoxTranspose, { rejects: ['output padding of the stride'] }),

  forward('axlearn.causal', CONV, 'kernel', 'all but the stride', 'axlearn PRs 801, 841: (K - s, s - 1)'),
  forward('jax-js.same', CONV, 'minimal', 'smaller half', 'jax-js lax.ts padtypeToPads'),
  forward('jax-js.same-lower', CONV, 'minimal', 'larger half', 'jax-js lax.ts padtypeToPads'),
  forward('jax-js.valid', CONV, 'none', 'nothing', 'jax-js lax.ts padtypeToPads'),
  forward('jax-js.explicit', CONV, 'given', 'given', 'jax-js lax.ts padtypeToPads'),
]

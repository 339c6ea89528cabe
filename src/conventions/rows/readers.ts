import type { Convention } from '../convention.ts'
import { ALL, AVERAGE, CONV, forward, MAX } from './row.ts'

// Runtimes and converters that read ONNX files and go wrong on files that say it in ONNX's words. Those whose rules are
// ONNX's own have no row: there would be nothing to tell.

const unset = 'openvino PR #31902: src/plugins/intel_gpu/src/graph/impls/onednn convolution and pooling'
const unsetFault = 'nothing is padded before, so that windows start at cell 0'
const padding = 'burn-onnx crates/onnx-ir/src/node/padding.rs'
const oneNumber = ['uneven padding given'] as const

// biome-ignore format: a table
export const readers: readonly Convention[] = [
  forward('openvino-gpu.same-upper', ALL, 'minimal', 'nothing', unset, {
    versions: { below: '2025.4' }, only: { sizes: 'open' }, zeros: 'optional', fault: { what: unsetFault, wanted: 'onnx.same-upper' },
  }),
  forward('openvino-gpu.same-lower', ALL, 'minimal', 'nothing', unset, {
    versions: { below: '2025.4' }, only: { sizes: 'open' }, zeros: 'optional', fault: { what: unsetFault, wanted: 'onnx.same-lower' },
  }),
  forward('opencv.explicit', CONV, 'given', 'given', 'opencv modules/dnn/src/layers/convolution_layer.cpp, before PR #20394', {
    versions: { below: '4.5.4' }, rejects: oneNumber,
  }),
  forward('burn-onnx.explicit', ALL, 'given', 'given', `${padding} padding_config_1d, padding_config_2d`, {
    versions: { from: '0.21' }, rejects: ['negative padding given'], zeros: 'optional',
  }),
  forward('burn-onnx.before-0.21.explicit', ALL, 'given', 'given', `${padding}, before burn-onnx PR #45 (issue #5)`, {
    versions: { below: '0.21' }, rejects: [...oneNumber, 'negative padding given'], zeros: 'optional',
  }),
  forward('burn-onnx.3d.explicit', CONV, 'given', 'given', 'burn-onnx crates/onnx-ir/src/node/conv3d.rs', {
    only: { axes: 3 }, rejects: [...oneNumber, 'negative padding given'],
  }),
  forward('burn-onnx.same-upper', ALL, 'minimal', 'smaller half', `${padding} forward_time_same_blocker`, {
    versions: { from: '0.22' }, only: { sizes: 'open' }, rejects: ['dilation'], zeros: 'optional',
  }),
  forward('burn-onnx.before-0.22.same-upper', ALL, 'minimal', 'smaller half', `${padding}, before burn-onnx PR #478`, {
    versions: { below: '0.22' }, only: { sizes: 'open' }, rejects: ['sizes that are open'],
  }),
  forward('burn-onnx.same-lower', ALL, 'minimal', 'larger half', `${padding} forward_time_same_blocker`, {
    only: { sizes: 'open' }, rejects: ['sizes that are open'],
  }),
  forward('onnx2torch.before-1.5.3.explicit', [...CONV, ...MAX], 'given', 'given', 'onnx2torch utils/common.py onnx_padding_to_torch_padding, before PR #90', {
    versions: { below: '1.5.3' }, rejects: oneNumber,
  }),
  forward('onnx2torch.avg-pool.explicit', AVERAGE, 'given', 'given', 'onnx2torch node_converters/average_pool.py, issue #203', {
    rejects: oneNumber, zeros: 'optional',
  }),
  forward('onnx-go.explicit', CONV, 'given', 'given', 'onnx-go backend/x/gorgonnx/conv.go, issue #192', { rejects: oneNumber }),
  forward('tt-forge-onnx.max-pool.explicit', MAX, 'given', 'given', 'tt-forge-onnx forge/csrc/ops/op_max_pool_2d.cpp, issue #2757', {
    rejects: oneNumber,
  }),
]

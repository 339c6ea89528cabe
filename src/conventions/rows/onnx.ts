import type { Convention } from '../convention.ts'
import { ALL, forward, transposed } from './row.ts'

const spec = 'onnx docs/Operators.md, Conv, MaxPool, AveragePool: auto_pad; onnx/defs/nn/defs.cc convPoolShapeInference'
const specTransposed = 'onnx docs/Operators.md, ConvTranspose (opset 11 and later)'
export const swapped = 'SAME_UPPER and SAME_LOWER are swapped'

// biome-ignore format: a table
export const onnx: readonly Convention[] = [
  forward('onnx.same-upper', ALL, 'minimal', 'smaller half', spec, { zeros: 'optional', weight: 3 }),
  forward('onnx.same-lower', ALL, 'minimal', 'larger half', spec, { zeros: 'optional', weight: 3 }),
  forward('onnx.valid', ALL, 'none', 'nothing', spec, { weight: 2 }),
  forward('onnx.explicit', ALL, 'given', 'given', spec, { rejects: ['negative padding'], zeros: 'optional', weight: 2 }),
  transposed('onnx.transposed.explicit', 'cropped or asked for', 'given, or the larger half', specTransposed, { rejects: ['negative padding given'], weight: 2 }),
  transposed('onnx.transposed.same-upper', 'scaled', 'smaller half', specTransposed, { weight: 3 }),
  transposed('onnx.transposed.same-lower', 'scaled', 'larger half', specTransposed, { weight: 3 }),
  transposed('onnx.opset-1.transposed.explicit', 'cropped or asked for', 'given, or the smaller half', 'onnx docs/Changelog.md, ConvTranspose-1', {
    rejects: ['negative padding given'], versions: { below: '11' }, fault: { what: 'an output_shape crops less at the start; later operator sets crop more there', wanted: 'onnx.transposed.explicit' },
  }),
  transposed('onnx.opset-1.transposed.same-upper', 'scaled', 'larger half', 'onnx docs/Changelog.md, ConvTranspose-1', {
    versions: { below: '11' }, fault: { what: swapped, wanted: 'onnx.transposed.same-upper' },
  }),
  transposed('onnx.opset-1.transposed.same-lower', 'scaled', 'smaller half', 'onnx docs/Changelog.md, ConvTranspose-1', {
    versions: { below: '11' }, fault: { what: swapped, wanted: 'onnx.transposed.same-lower' },
  }),
]

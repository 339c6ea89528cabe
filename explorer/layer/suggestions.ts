import type { Op } from 'samepad/geometry'

/** Conventions that people meet most often, by operation, in the words of settings. */
export const suggestions: Readonly<Record<Op, readonly string[]>> = {
  conv: [
    ...[
      'tf same',
      'pytorch p1',
      'onnx SAME_LOWER',
      'keras causal',
      'pytorch symmetric',
      'pytorch same',
      'timm symmetric',
    ],
    ...['ultralytics autopad', 'diffusers downsample', 'flux same-pad', 'haiku pad-same', 'folklore keep', 'tf valid'],
    ...['pytorch pad0,1', 'pytorch p1 pad0,1', 'pytorch p2 drop1 trim', 'pytorch p1 reflect'],
  ],
  convTranspose: [
    ...[
      'tf same',
      'pytorch p1 op1',
      'onnx SAME_LOWER',
      'onnx SAME_UPPER',
      'jax same',
      'pytorch p1',
      'ort@1.12 same_upper',
    ],
    ...['openvino same_upper', 'tf2onnx same', 'keras same', 'tf valid'],
  ],
  maxPool: [
    'tf same',
    'pytorch p1',
    'onnx SAME_LOWER',
    'pytorch p1 ceil',
    'ort same_upper',
    'darknet same',
    'tf valid',
  ],
  averagePool: [
    ...['tf same', 'pytorch p1', 'pytorch p1 exclude', 'pytorch p1 ceil', 'onnx SAME_UPPER include', 'onnx SAME_LOWER'],
    ...['flax.avg-pool.same', 'timm.avg-pool.same', 'tf valid'],
  ],
}

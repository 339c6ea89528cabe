/** Engines that samepad is compared with: by the name to ask for one, that of its results. */
export const peers = {
  tfjs: 'tfjs-wasm',
  'ort-web': 'onnxruntime-web',
  litert: 'LiteRT.js',
  tflite: 'tfjs-tflite',
  jax: 'jax-js',
  'ort-node': 'onnxruntime-node',
} as const

export type Peer = keyof typeof peers

/** All but one that takes up to a thousand times as long as the others. */
export const usualPeers: readonly Peer[] = ['tfjs', 'ort-web', 'litert', 'tflite', 'ort-node']

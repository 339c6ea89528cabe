import { type Framework, frameworkOf } from 'samepad/geometry'

/** The frameworks' names as people write them. */
export const frameworkNames: Readonly<Record<Framework, string>> = {
  pytorch: 'PyTorch',
  tensorflow: 'TensorFlow',
  keras: 'Keras 3',
  jax: 'JAX',
  onnx: 'ONNX',
  tfjs: 'TensorFlow.js',
  webnn: 'WebNN',
}

/** A rule with its framework's name, where it only hints at it: `tf same (TensorFlow)`. */
export function fullName(rule: string): string {
  const [word] = rule.split(/[\s.]/, 1)
  const framework = frameworkOf(word) as Framework | undefined
  const name = framework && frameworkNames[framework]
  return name && !name.toLowerCase().startsWith(word.toLowerCase()) ? `${rule} (${name})` : rule
}

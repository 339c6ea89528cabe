/** What can be measured, by name. */
export const parts = {
  layers: 'each layer on each engine, and the limit of WebAssembly beside them',
  'first-calls': 'the first call of a layer, stage by stage, in processes that have run nothing before (Node)',
  padding: 'SAME against VALID on an input that is larger by the padding',
  epilogues: 'what scale, relu, a residual and silu cost behind a convolution',
  steady: 'what 10,000 runs leave behind (Node)',
  'new-sizes': 'a layer on input sizes that it has not seen, against the same sizes later',
  'in-turns': '300 different layers in turns, against each on its own',
  large: 'pictures of 8000 x 8000 against 1000 x 1000; takes 6 GB of memory (Node)',
  between: 'what stands between layers: add, activations, concat, transpose, reductions and others on 1.6 MB',
  face: 'the network of examples/face, layer by layer, beside LiteRT.js',
  growth: 'how times grow with the area, the channels and the batch of the input',
} as const satisfies Readonly<Record<string, string>>

export type Part = keyof typeof parts

/** Those that are measured unless others are asked for. */
export const usualParts: readonly Part[] = [
  'layers',
  'first-calls',
  'padding',
  'epilogues',
  'steady',
  'new-sizes',
  'in-turns',
  'between',
  'face',
]

/** Whether a part works on layers. */
export function needsLayers(parts: readonly Part[]): boolean {
  return parts.some((part) => part !== 'between' && part !== 'face')
}

/** Whether a part times other engines too. */
export function needsEngines(parts: readonly Part[]): boolean {
  return parts.some((part) => part === 'layers' || part === 'growth' || part === 'between' || part === 'face')
}

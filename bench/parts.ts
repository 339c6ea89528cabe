/** What can be measured, by name. */
export const parts = {
  layers: 'each layer on each engine, and the limit of WebAssembly beside them',
  'first-calls': 'what the first call of a layer costs, stage by stage, in processes that have run nothing before',
  padding: 'SAME against VALID on an input that is larger by the padding',
  steady: 'what 10,000 runs leave behind',
  'new-sizes': 'a layer on input sizes that it has not seen, against the same sizes later',
  'in-turns': '300 different layers in turns, against each on its own',
  growth: 'how times grow with the area, the channels and the batch of the input',
} as const satisfies Readonly<Record<string, string>>

export type Part = keyof typeof parts

import { agreeingRules, agreeingSizes, type ChainLayer, effectiveKernel, isRejected, solve } from '../geometry.ts'
import { counted } from '../words/numbers.ts'
import { alongAxes } from './axes.ts'
import type { Answer, Command } from './command.ts'
import { isModelWord } from './model-files.ts'
import { openLayers, readOpenLayers } from './read-layers.ts'
import { sizes as sizesIn } from './read-numbers.ts'
import { inputOption } from './read-shapes.ts'
import { modelSizesAnswer } from './sizes-of-model.ts'
import type { TextStyle } from './style.ts'
import { table, wrap } from './table.ts'

const rules = Object.entries(agreeingRules)

/** `samepad sizes`: why 513 and not 512. */
export const sizes: Command = {
  summary: 'the input sizes that a model takes, and on which all frameworks agree (why 513?)',
  usage: 'LAYER... --near N | FILE [--near N] [--input NAME=SHAPE]',
  about:
    'Finds the input sizes nearest to the wanted one on which SAME_UPPER (TensorFlow, Keras, JAX), SAME_LOWER and ' +
    'symmetric padding (the usual PyTorch port) are one and the same through all layers, and shows the chain at both. ' +
    'A layer is its kernel, stride and dilation: k3 s2, k3s2, k3 d2; x5 repeats the one before it. For a model file it ' +
    'says which sizes of its inputs run, for example multiples of 32, and on which of them the conventions agree.',
  options: { near: { value: 'N', about: 'the wanted input size' }, input: inputOption },
  examples: ['sizes k3s2 x5 --near 512', 'sizes k7 s2 k3 s2 k3 x2 k3 s2 --near 224', 'sizes model.onnx --near 512'],
  no: 'there is no such size, or the model does not run at the one that is given',
  settings: false,
  answer: (request, surroundings) => {
    const [word, ...rest] = request.words
    if (word !== undefined && rest.length === 0 && isModelWord(word, surroundings.cwd)) {
      return modelSizesAnswer(word, request, surroundings)
    }
    const layers = readOpenLayers('sizes', request.words)
    const near = sizesIn('sizes', request, 'near')
    return alongAxes('sizes', layers, near, (chain, cells) => sized(openLayers(chain), cells as number))
  },
}

function sized(layers: readonly ChainLayer[], near: number): Answer {
  const found = agreeingSizes(layers, near)
  const { below, above } = found
  const shown = [near, ...closest(near, below, above)].map((input) => ({ input, layers: chainAt(layers, input) }))
  return {
    data: { layers, near, ...found, chains: shown },
    lines: (style) => [
      ...verdict(near, found, style),
      '',
      ...chainLines(layers, shown),
      '',
      ...wrap(reason(layers, found)),
    ],
    exitCode: below === undefined && above === undefined ? 1 : 0,
  }
}

/** What one layer of a chain gives: its output, and the padding under each rule. */
interface Link {
  readonly output: number
  readonly pads: Readonly<Record<string, readonly [number, number] | undefined>>
}

function chainAt(layers: readonly ChainLayer[], input: number): Link[] {
  let cells = input
  return layers.map((layer) => {
    const solved = rules.map(
      ([name, convention]) => [name, solve({ ...layer, convention, op: 'conv' }, cells)] as const,
    )
    const pads = solved.map(([name, outcome]) => {
      return [name, isRejected(outcome) ? undefined : ([outcome.axis.padBegin, outcome.axis.padEnd] as const)]
    })
    const [, upper] = solved[0]
    if (!isRejected(upper)) cells = upper.axis.output
    return { output: cells, pads: Object.fromEntries(pads) }
  })
}

/** The nearer one of two sizes, unless the wanted size is one itself. */
function closest(near: number, below: number | undefined, above: number | undefined): number[] {
  const sizes = [above, below].filter((size) => size !== undefined)
  if (sizes.length === 0 || sizes.includes(near)) return []
  return [sizes.reduce((best, size) => (Math.abs(size - near) < Math.abs(best - near) ? size : best))]
}

type Found = ReturnType<typeof agreeingSizes>

function verdict(near: number, { below, above, drift }: Found, { strong, alert }: TextStyle): string[] {
  if (near === below) return wrap(`${strong(`All agree on ${near}`)}: upper, lower and symmetric padding are one.`)
  const apart = Math.max(Math.abs(drift.symmetric), Math.abs(drift.lower))
  const parted = apart ? `: ${counted(apart, 'cell')} apart after the last layer` : ''
  const list = [below, above].filter((size) => size !== undefined)
  if (list.length === 0) return wrap(`${alert('There is no size')} on which all agree; on ${near} they part${parted}.`)
  return wrap(`${strong(`All agree on ${list.join(' and ')}`)}; on ${near} they part${parted}.`)
}

function chainLines(
  layers: readonly ChainLayer[],
  shown: readonly { input: number; layers: readonly Link[] }[],
): string[] {
  const names = rules.map(([name]) => name)
  const head = ['', ...shown.flatMap(({ input }) => ['', String(input), ...names])]
  const rows = layers.map((layer, index) => [
    nameOf(layer),
    ...shown.flatMap(({ layers: links }) => [
      '',
      String(links[index].output),
      ...names.map((name) => links[index].pads[name]?.join(',') ?? 'refused'),
    ]),
  ])
  return table([head, ...rows], `<${shown.map(() => '>>>>>').join('')}`)
}

const nameOf = ({ kernel, stride, dilation }: ChainLayer): string =>
  [`k${kernel}`, `s${stride}`, dilation > 1 ? `d${dilation}` : ''].filter(Boolean).join(' ')

/** Why these sizes; the sentence holds for odd kernels, where the sizes are those that SAME pads evenly. */
function reason(layers: readonly ChainLayer[], { below, above, step }: Found): string {
  const odd = layers.every((layer) => effectiveKernel(layer) % 2 === 1)
  if (odd && step === 1) return 'Without a stride, SAME with odd kernels is symmetric on every size.'
  const size = above ?? below
  if (odd && size !== undefined && (size - 1) % step === 0) {
    return (
      `Why: ${size} = ${(size - 1) / step} x ${step} + 1, where ${step} is the product of the strides. Every layer gets ` +
      'one cell more than a multiple of its stride, for which SAME pads K - 1 cells, an even number: both sides get ' +
      'half, and no odd cell is left to go to one of them.'
    )
  }
  if (size === undefined) {
    return 'An even effective kernel leaves SAME an odd cell to put on one side, on every size that these layers meet.'
  }
  return 'They agree where SAME pads as many cells before the input as symmetric padding does, in every layer.'
}

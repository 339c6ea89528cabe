import {
  type Axis,
  effectiveKernel,
  type LayerPhase,
  phase as phaseOf,
  type ReceptiveField,
  receptiveField,
  SamepadError,
  type WrittenLayer,
} from '../geometry.ts'
import { gridsApart } from '../words/apart.ts'
import { counted, decimal } from '../words/numbers.ts'
import { chainsAlongAxes } from './axes.ts'
import type { Answer, Command, Request } from './command.ts'
import { isModelWord } from './model-files.ts'
import { modelPhaseAnswer } from './phase-of-model.ts'
import { sizes, wholeNumber } from './read-numbers.ts'
import { type Chain, readChains, type WrittenSetting } from './read-settings.ts'
import type { TextStyle } from './style.ts'
import { fitting, shortened, table, wrap } from './table.ts'

/** `samepad phase`: where the grid lies after each layer, for one chain or two side by side. */
export const phase: Command = {
  summary: 'where output 0 lies in the input: for a chain of layers, two chains, or a model',
  usage: 'LAYER... [vs LAYER...] --input N | FILE [--input NAME=SHAPE]',
  about:
    'Runs the sizes through a chain of layers and says at which cell of the input output 0 of each layer is centred, ' +
    'and how many input cells lie from one output to the next. A comma, a new kernel or a framework begins the next ' +
    'layer; x5 repeats the one before it; vs, or another framework, begins a second chain to compare with. For a model ' +
    'file it says where each output lies, through branches, resizes and transposed layers, what it sees of the input, ' +
    'and at which nodes branches are joined whose cells do not match.',
  options: {
    input: {
      value: 'N',
      about: 'cells of the input of the chain; of a model NAME=SHAPE where the file leaves it open',
      many: true,
    },
    repeat: { value: 'N', about: 'run through each chain so many times' },
  },
  examples: [
    'phase tf k3 s2 same x5 vs pytorch k3 s2 p1 x5 --input 224',
    'phase "tf k3 s2 same" "pytorch k3 s2 p1" --repeat 5 --input 224',
    'phase tf k7 s2 same, maxpool k3 s2 same, k3 same x4 --input 224',
    'phase model.onnx --input 1x3x224x224',
  ],
  settings: true,
  answer: (request, surroundings) => {
    const [word, ...rest] = request.words
    if (word !== undefined && rest.length === 0 && isModelWord(word, surroundings.cwd)) {
      return modelPhaseAnswer(word, request, surroundings)
    }
    const input = sizes('phase', request, 'input')
    return chainsAlongAxes('phase', chainsOf(request), input, (chains, cells) => followed(chains, cells as number))
  },
}

function followed(chains: readonly Chain[], input: number): Answer {
  const sides = chains.map((chain): Side => {
    const settings = chain.map(({ setting }) => setting)
    const hasField = settings.every(({ op }) => op !== 'convTranspose')
    return {
      chain,
      layers: phaseOf(settings, input),
      field: hasField ? receptiveField(settings, input) : undefined,
    }
  })
  const apart = sides.length === 2 ? apartOf(sides[0].layers, sides[1].layers) : undefined
  return {
    data: { input, chains: sides.map(plainSide), apart },
    lines: (style) => (apart ? pairLines(sides, apart, style) : chainLines(sides[0], style)),
    exitCode: 0,
  }
}

interface Side {
  readonly chain: Chain
  readonly layers: readonly LayerPhase[]
  readonly field: ReceptiveField | undefined
}

function chainsOf(request: Request): (readonly WrittenLayer[])[] {
  const repeat = wholeNumber('phase', request, 'repeat') ?? 1
  const chains = readChains(request.words)
  if (chains.length < 1 || chains.length > 2) {
    throw new SamepadError('phase', 'there must be one chain of layers or two to compare', chains.length)
  }
  if (repeat > 1000) throw new SamepadError('phase', '--repeat must be at most 1000', repeat)
  return chains.map((chain) => new Array<readonly WrittenLayer[]>(repeat).fill(chain).flat())
}

function plainSide({ chain, layers, field }: Side): unknown {
  return {
    layers: layers.map((layer, index) => ({
      setting: chain[index].setting,
      shift: shiftOf(chain[index], layer),
      ...layer,
    })),
    receptiveField: field,
  }
}

/** How far a layer moves the grid by itself, in cells of its own input. */
function shiftOf({ setting }: WrittenSetting, { axis }: LayerPhase): number {
  const middle = (effectiveKernel(axis) - 1) / 2 - axis.padBegin
  return setting.op === 'convTranspose' ? 0 - middle / axis.stride : middle
}

/** How much further on the second chain's output 0 lies than the first one's, by layer. */
function apartOf(a: readonly LayerPhase[], b: readonly LayerPhase[]): number[] {
  return a.slice(0, b.length).map(({ centre }, index) => b[index].centre - centre)
}

function chainLines(side: Side, style: TextStyle): string[] {
  const { layers, field } = side
  const { jump, centre } = layers[layers.length - 1]
  const at = style.strong(`Output 0 is centred at cell ${decimal(centre)} of the input`)
  return [
    ...fitting(
      () => chainTable(side, 26, bothSizes),
      () => chainTable(side, 26, outputOnly),
      () => chainTable(side, 12, outputOnly),
    ),
    '',
    ...wrap(`${at}, the next one ${counted(jump, 'cell')} further on.`),
    ...(field ? wrap(`It sees ${counted(field.size, 'cell')} of the input, from cell ${field.start} on.`) : []),
    ...wrap('shift: by this layer alone, in cells of its own input.').map(style.faint),
  ]
}

function chainTable({ chain, layers }: Side, longest: number, size: (axis: Axis) => string): string[] {
  const head = ['layer', '', 'output', 'pads', 'shift', 'jump', 'output 0 at']
  const rows = layers.map((layer, index) => [
    String(index + 1),
    shortened(chain[index].text, longest),
    size(layer.axis),
    `${layer.axis.padBegin},${layer.axis.padEnd}`,
    ...[shiftOf(chain[index], layer), layer.jump, layer.centre].map(decimal),
  ])
  return table([head, ...rows], '><>>>>>')
}

const bothSizes = ({ input, output }: Axis): string => `${input} -> ${output}`
const outputOnly = ({ output }: Axis): string => `-> ${output}`

function pairLines(sides: readonly Side[], apart: readonly number[], style: TextStyle): string[] {
  const names = ['first', 'second']
  const last = apart[apart.length - 1]
  const [a, b] = sides.map(({ layers }) => decimal(layers[apart.length - 1].centre))
  return [
    ...table(names.map((name, index) => [name, style.strong(summary(sides[index].chain))]), '<<'), // biome-ignore format: one line
    '',
    ...fitting(
      () => pairTable(sides, apart, bothSizes),
      () => pairTable(sides, apart, outputOnly),
    ),
    '',
    ...wrap(
      last === 0
        ? `${style.strong(gridsApart(last))}: output 0 is centred at cell ${a} of the input in both.`
        : `${style.alert(gridsApart(last))}: output 0 is centred at cell ${a} of the input in the first, at ${b} in the second.`,
    ),
    ...(sides[0].layers.length === sides[1].layers.length
      ? []
      : wrap('The chains have different lengths; only the layers that both have are compared.')),
  ]
}

/** Layers side by side. */
function pairTable(sides: readonly Side[], apart: readonly number[], size: (axis: Axis) => string): string[] {
  const head = ['layer', ...['first', 'second'].flatMap((name) => [name, 'pads', 'output 0 at']), 'apart']
  const rows = apart.map((distance, index) => [
    String(index + 1),
    ...sides.flatMap(({ layers }) => {
      const { axis, centre } = layers[index]
      return [size(axis), `${axis.padBegin},${axis.padEnd}`, decimal(centre)]
    }),
    decimal(Math.abs(distance)),
  ])
  return table([head, ...rows], '>>>>>>>>')
}

/** A chain in short: layers in a row that are the same are counted. */
function summary(chain: Chain): string {
  const runs: { text: string; count: number }[] = []
  for (const { text } of chain) {
    const run = runs.at(-1)
    if (run?.text === text) run.count++
    else runs.push({ text, count: 1 })
  }
  return shortened(runs.map(({ text, count }) => (count > 1 ? `${text} x${count}` : text)).join(', '), 60)
}

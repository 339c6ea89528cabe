import {
  type Convention,
  type Diagnosis,
  diagnose as diagnosisOf,
  type Explanation,
  formatSetting,
  isPool,
  isRejected,
  type Observation,
  type Op,
  SamepadError,
  type Setting,
  Verbatim,
} from '../geometry.ts'
import { grouped } from '../words/groups.ts'
import { counted } from '../words/numbers.ts'
import { concerns, faultOf, type Told, toldLines } from './answers.ts'
import type { Command, Request } from './command.ts'
import { answerRows } from './diagnose-rows.ts'
import { MOST_CELLS, missing, pads, sizeOrValues, wholeNumber } from './read-numbers.ts'
import type { TextStyle } from './style.ts'
import { shortened, wrap } from './table.ts'

const ops: Readonly<Record<string, Op>> = {
  ...{ conv: 'conv', transposed: 'convTranspose', convtranspose: 'convTranspose' },
  ...{ maxpool: 'maxPool', averagepool: 'averagePool', avgpool: 'averagePool' },
}

/** `samepad diagnose`: which conventions explain the numbers that somebody got. */
export const diagnose: Command = {
  summary: 'which conventions, right or faulty, give the output (or its size) that you got?',
  usage: '--input X --kernel W --output Y [--stride S] [--dilation D] [--op OP]',
  about:
    'Finds every convention that gives an observed output, likeliest first, and what the others would have given. ' +
    'Input, kernel and output are values separated by commas, or sizes only; output may also be the word error. On ' +
    'two axes they are rows, `1,2,3;4,5,6`, and sizes `2x1`. What is not given of the other attributes is tried.',
  options: {
    input: { value: 'X', about: 'values of the input along one axis, or how many' },
    kernel: { value: 'W', about: 'the weights, or how many' },
    output: { value: 'Y', about: 'values of the output, or how many, or error' },
    stride: { value: 'S', about: 'the default is 1; for pools, the kernel' },
    dilation: { value: 'D', about: 'the default is 1' },
    op: { value: 'OP', about: 'conv (the default), transposed, maxpool, averagepool' },
    pads: { value: 'P', about: 'the padding that was given as numbers: 1 or 0,1; on two axes four' },
    order: { value: 'O', about: 'what the four are: t,l,b,r (the default), t,b,l,r or l,r,t,b' },
    ceil: { about: 'the sizes of a pooling were rounded up' },
    'no-ceil': { about: 'they were not' },
    'include-pad': { about: 'an average counted padding' },
    'no-include-pad': { about: 'it did not' },
    'output-padding': { value: 'N', about: 'of a transposed convolution' },
    'output-shape': { value: 'N', about: 'the size that a transposed convolution was asked for' },
  },
  examples: [
    'diagnose --input 1,2,3,4,5,6 --kernel 1,10,100 --stride 2 --output 210,432,654',
    'diagnose --input 1,10 --kernel 1,2,4 --stride 2 --op transposed --output 2,14,20,40',
    'diagnose --input 224 --kernel 3 --stride 2 --output 112',
    "diagnose --input '1,2;3,4' --kernel '1,10;100,1000' --pads 1,0,2,0 --output '0,1000,2100;0,3010,4321'",
  ],
  no: 'no convention explains it',
  settings: false,
  answer: (request) => {
    if (request.words.length > 0) {
      throw new SamepadError('diagnose', 'everything must be given as an option', request.words.join(' '))
    }
    const onTwoAxes = answerRows(request, opOf(request.options.op), attributesIn(request))
    if (onTwoAxes) return onTwoAxes
    const observation = observed(request)
    const { groups, others } = diagnosisOf(observation)
    return {
      data: {
        observation,
        groups: groups.map((group) => group.map(plainExplanation)),
        others: others.map(plainExplanation),
      },
      lines: (style) => lines(observation, { groups, others }, style),
      exitCode: groups.length ? 0 : 1,
    }
  },
}

function observed(request: Request): Observation {
  const op = opOf(request.options.op)
  const kernel = sizeOrValues('diagnose', request, 'kernel')
  const taps = typeof kernel === 'number' ? kernel : kernel.length
  const input = sizeOrValues('diagnose', request, 'input')
  for (const [name, size] of Object.entries({
    kernel: taps,
    input: typeof input === 'number' ? input : input.length,
  })) {
    if (size >= 1 && size <= MOST_CELLS) continue
    throw new SamepadError('diagnose', `--${name} must be 1 to ${MOST_CELLS} cells`, size)
  }
  return {
    ...{ op, input, kernel, output: outputOf(request) },
    stride: wholeNumber('diagnose', request, 'stride') ?? (isPool(op) ? taps : 1),
    dilation: wholeNumber('diagnose', request, 'dilation') ?? 1,
    pads: pads('diagnose', request, 'pads'),
    outputShape: wholeNumber('diagnose', request, 'output-shape'),
    ...attributesIn(request),
  }
}

/** What was given of the attributes that all axes share. */
function attributesIn(request: Request): Pick<Observation, 'ceilMode' | 'countIncludePad' | 'outputPadding'> {
  return {
    ceilMode: choice(request, 'ceil'),
    countIncludePad: choice(request, 'include-pad'),
    outputPadding: wholeNumber('diagnose', request, 'output-padding', 0),
  }
}

function opOf(given: string | true | undefined): Op {
  const word = String(given ?? 'conv').toLowerCase()
  if (Object.hasOwn(ops, word)) return ops[word]
  throw new SamepadError('diagnose', `--op must be one of ${Object.keys(ops).join(', ')}`, given)
}

function outputOf(request: Request): Observation['output'] {
  const { output } = request.options
  if (output === undefined) return missing('diagnose', 'output')
  return output === 'error' ? output : sizeOrValues('diagnose', request, 'output')
}

function choice({ options }: Request, name: string): boolean | undefined {
  const [yes, no] = [options[name], options[`no-${name}`]]
  if (yes && no)
    throw new SamepadError('diagnose', `only one of --${name} and --no-${name} must be given`, new Verbatim('both'))
  return yes ? true : no ? false : undefined
}

function plainExplanation({ convention, setting, outcome, values }: Explanation): unknown {
  const { id, versions, fault } = convention
  return { convention: id, versions, fault: fault?.what, setting, written: formatSetting(setting), outcome, values }
}

/** Explanations beyond so many groups need guessed numbers; they are left to --json. */
const MOST_GROUPS = 5

function lines(observation: Observation, { groups, others }: Diagnosis, style: TextStyle): string[] {
  const left = groups.length - MOST_GROUPS
  return [
    ...(groups.length === 0 ? [...wrap(`${style.alert('No convention')} that samepad knows explains this.`), ''] : []),
    ...groups.slice(0, MOST_GROUPS).flatMap((group, index) => [
      style.strong(`${index === 0 ? 'Explained by' : 'Or by'} ${deed(group[0])}`),
      ...toldLines(group.map((one) => told(one, observation)), '  '), // biome-ignore format: one line
      '',
    ]),
    ...(left > 0 ? [`And ${left} other ${left === 1 ? 'way' : 'ways'} to get the same, listed by --json.`, ''] : []),
    ...otherLines(others, observation, style),
  ]
}

/** What an outcome does, in short. */
function deed({ outcome, setting: { op, ceilMode, fill } }: Explanation): string {
  if (isRejected(outcome)) return 'a refusal'
  const { padBegin, padEnd } = outcome.axis
  return [
    `${op === 'convTranspose' ? 'a crop' : 'padding'} of ${padBegin} before and ${padEnd} after`,
    op.endsWith('Pool') && outcome.zeros.some((width) => width > 0) ? 'counted as zeros' : '',
    fill && fill !== 'constant' ? fill : '',
    ceilMode ? 'sizes rounded up' : '',
  ]
    .filter(Boolean)
    .join(', ')
}

function told({ convention, setting, outcome }: Explanation, { input }: Observation): Told {
  const size = typeof input === 'number' ? input : input.length
  return { convention, outcome, words: wordsFor(convention, setting), fault: faultOf(convention, setting, size) }
}

/** The word for the padding, and the attributes that had to be guessed or given; not those that are the default. */
function wordsFor({ padding, rule }: Convention, setting: Setting): string {
  const counting = 'zeros' in rule && (rule.zeros === 'unless declined' ? 'include' : 'exclude')
  const attributes = formatSetting(setting)
    .split(' ')
    .slice(2) // the convention and the operation
    .filter((word) => !/^[ksd]\d/.test(word) && word !== counting)
  return [...(padding === 'explicit' && attributes.length > 0 ? [] : [padding]), ...attributes].join(' ')
}

/** What does not explain it, by what it gives instead. */
function otherLines(others: readonly Explanation[], observation: Observation, style: TextStyle): string[] {
  const asked = others.filter(({ convention, outcome }) => convention.padding !== 'explicit' && concerns(outcome))
  const groups = [...grouped(asked, answered)].sort(([, a], [, b]) => b.length - a.length)
  if (groups.length === 0) return []
  return [
    style.strong('The others give'),
    ...groups.flatMap(([answer, list]) => [
      ...wrap(shortened(answer, 120), '  '),
      ...toldLines(list.map((one) => ({ ...told(one, observation), fault: undefined })), '    ').map(style.faint), // biome-ignore format: one line
    ]),
  ]
}

function answered({ outcome, values }: Explanation): string {
  if (isRejected(outcome)) return 'a refusal'
  return values?.map(readable).join(' ') ?? counted(outcome.axis.output, 'output')
}

const readable = (value: number): string => String(Number(value.toPrecision(6)))

import fc from '../../fast-check.ts'
import { constant, model, node, type Parts } from './make-model.ts'

// Random small networks as lists of steps on one value: what slides a window, and what stands around it.

/** Cells before and after an axis. */
export type Sides = readonly [begin: number, end: number]

/** Begin and end of every spatial axis, negative where cells are cut off. */
export interface Pad {
  readonly op: 'Pad'
  readonly mode: 'constant' | 'reflect' | 'edge' | 'wrap'
  /** What constant padding holds: a real number, or a quantised one where values are uint8. */
  readonly value: number
  readonly sides: readonly Sides[]
}

/** Cells dropped at both ends of every spatial axis, and of the rest every so many. */
export interface Slice {
  readonly op: 'Slice'
  readonly dropped: readonly Sides[]
  readonly steps: readonly number[]
}

export type AutoPad = 'SAME_UPPER' | 'SAME_LOWER' | 'VALID'

/** A node that slides a window; where values are uint8 a Conv is a QLinearConv. */
export interface Window {
  readonly op: 'Conv' | 'ConvTranspose' | 'MaxPool' | 'AveragePool'
  readonly kernel: readonly number[]
  readonly strides: readonly number[]
  readonly dilations: readonly number[]
  /** A word, or numbers for every axis. */
  readonly padding: AutoPad | readonly Sides[]
  readonly ceil?: boolean
  readonly counted?: boolean
  readonly group?: 1 | 2
  readonly outputPadding?: readonly number[]
  readonly outputShape?: readonly number[]
  /** Whether attributes that say what is so anyway are written. */
  readonly wordy?: boolean
}

/** What leaves every cell where it is, and values alike as far as they can be. */
export interface Pass {
  readonly op: 'Identity' | 'Relu' | 'Transpose' | 'Cast' | 'DequantizeLinear'
}

export interface Quantize {
  readonly op: 'QuantizeLinear'
  readonly scale: number
  readonly zero: number
}

export type Step = Pad | Slice | Window | Pass | Quantize

export interface Network {
  /** Spatial sizes; channels are always two. */
  readonly input: readonly number[]
  /** Whether the file leaves them open. */
  readonly open: boolean
  readonly steps: readonly Step[]
}

export const isWindow = (step: Step): step is Window => 'kernel' in step

/** How values are held before a step: `Transpose` and `Cast` go there and, the next time, back. */
export interface State {
  readonly type: 'float' | 'double' | 'uint8'
  readonly channelsLast: boolean
  readonly scale: number
  readonly zero: number
}

const OUTPUT_SCALE = 4
const float: State = { type: 'float', channelsLast: false, scale: 1, zero: 0 }

/** How values are held before each step, and after the last. */
export function statesOf({ steps }: Network): State[] {
  const states = [float]
  for (const step of steps) {
    const state = states[states.length - 1]
    if (step.op === 'Transpose') states.push({ ...state, channelsLast: !state.channelsLast })
    else if (step.op === 'Cast') states.push({ ...state, type: state.type === 'float' ? 'double' : 'float' })
    else if (step.op === 'QuantizeLinear') states.push({ ...state, type: 'uint8', scale: step.scale, zero: step.zero })
    else if (step.op === 'DequantizeLinear') states.push({ ...state, type: 'float' })
    else if (step.op === 'Conv' && state.type === 'uint8') states.push({ ...state, scale: OUTPUT_SCALE, zero: 128 })
    else states.push(state)
  }
  return states
}

/** Spatial sizes before each step, and after the last; rounding up as the specification has it. */
export function sizesOf({ input, steps }: Network): (readonly number[])[] {
  const sizes = [input]
  for (const step of steps) sizes.push(sizes[sizes.length - 1].map((size, axis) => sizeAfter(step, axis, size)))
  return sizes
}

export const effective = ({ kernel, dilations }: Window, axis: number): number =>
  (kernel[axis] - 1) * dilations[axis] + 1

function sizeAfter(step: Step, axis: number, size: number): number {
  if (step.op === 'Pad') return size + step.sides[axis][0] + step.sides[axis][1]
  if (step.op === 'Slice') return Math.ceil((size - step.dropped[axis][0] - step.dropped[axis][1]) / step.steps[axis])
  if (!isWindow(step)) return size
  const { padding, strides, ceil, outputPadding, outputShape } = step
  const [begin, end] = typeof padding === 'string' ? [0, 0] : padding[axis]
  const stride = strides[axis]
  const same = typeof padding === 'string' && padding !== 'VALID'
  if (step.op === 'ConvTranspose') {
    if (outputShape) return outputShape[axis]
    if (same) return size * stride
    return (size - 1) * stride + effective(step, axis) - begin - end + (outputPadding?.[axis] ?? 0)
  }
  if (same) return Math.ceil(size / stride)
  const room = size + begin + end - effective(step, axis)
  if (!ceil) return Math.floor(room / stride) + 1
  const output = Math.ceil(room / stride) + 1
  return (output - 1) * stride >= size + begin ? output - 1 : output
}

/** Whether something is left at every step, and padding finds as many cells as it repeats. */
export function isSound(network: Network): boolean {
  const sizes = sizesOf(network)
  const left = (step: Step, axis: number, size: number): boolean => {
    if (step.op === 'Slice') return size > step.dropped[axis][0] + step.dropped[axis][1]
    if (step.op !== 'Pad') return true
    const [begin, end] = step.sides[axis]
    const widest = { constant: Number.POSITIVE_INFINITY, edge: Number.POSITIVE_INFINITY, reflect: size - 1, wrap: size }
    return size + Math.min(0, begin) + Math.min(0, end) > 0 && Math.max(begin, end) <= widest[step.mode]
  }
  return (
    sizes.flat().every((size) => size > 0) &&
    network.steps.every((step, index) => sizes[index].every((size, axis) => left(step, axis, size)))
  )
}

/** Small integers that repeat from seed to seed. */
const weightsOf = (seed: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => [1, -1, 2, 1, -2, 3, -1][(index * 3 + (index >> 2) + seed * 5) % 7])

/** Constants that a node takes behind its value, in order. */
type Constants = readonly (readonly [
  type: Parameters<typeof constant>[1],
  dims: readonly number[],
  values: readonly number[],
])[]

const scalar = (type: Constants[number][0], value: number): Constants[number] => [type, [], [value]]
const vector = (values: readonly number[]): Constants[number] => ['int64', [values.length], values]

/** What a step's node takes, for values held in some way. */
function constantsOf(step: Step, { type, channelsLast, scale, zero }: State, seed: number): Constants {
  if (step.op === 'Pad') {
    const amounts = [0, 1].flatMap((side) => {
      const each = step.sides.map((sides) => sides[side])
      return channelsLast ? [0, ...each, 0] : [0, 0, ...each]
    })
    return [vector(amounts), ...(step.mode === 'constant' ? [scalar(type, step.value)] : [])]
  }
  if (step.op === 'Slice') {
    const ends = step.dropped.map(([, end]) => (end === 0 ? 2 ** 40 : -end))
    const axes = step.steps.map((_, axis) => axis + (channelsLast ? 1 : 2))
    return [step.dropped.map(([begin]) => begin), ends, axes, step.steps].map(vector)
  }
  if (step.op === 'QuantizeLinear') return [scalar('float', step.scale), scalar('uint8', step.zero)]
  if (step.op === 'DequantizeLinear') return [scalar('float', scale), scalar('uint8', zero)]
  if (!isWindow(step) || step.op.endsWith('Pool')) return []
  const shape = [2, 2 / (step.group ?? 1), ...step.kernel]
  const count = shape.reduce((product, size) => product * size, 1)
  const weights = weightsOf(seed, count)
  if (type !== 'uint8') return [['float', shape, weights]]
  return [
    ...[scalar('float', scale), scalar('uint8', zero), ['int8', shape, weights] as const],
    ...[scalar('float', 1), scalar('int8', 0), scalar('float', OUTPUT_SCALE), scalar('uint8', 128)],
  ]
}

function attributesAt(
  step: Step,
  { type, channelsLast }: State,
  rank: number,
): NonNullable<Parameters<typeof node>[3]> {
  if (step.op === 'Pad') return { mode: step.mode }
  if (step.op === 'Cast') return { to: type === 'float' ? 11 : 1 }
  if (isWindow(step)) return attributesOf(step)
  if (step.op !== 'Transpose') return {}
  const axes = Array.from({ length: rank }, (_, axis) => axis)
  return {
    perm: channelsLast ? [0, rank + 1, ...axes.map((axis) => axis + 1)] : [0, ...axes.map((axis) => axis + 2), 1],
  }
}

/** The bytes of a network: the weights of its windows depend on their place among the windows alone. */
export function bytesOf(network: Network): Uint8Array<ArrayBuffer> {
  const { input, open, steps } = network
  const states = statesOf(network)
  const initializers: NonNullable<Parts['initializers']>[number][] = []
  let windows = 0
  const nodes = steps.map((step, index) => {
    const state = states[index]
    const constants = constantsOf(step, state, isWindow(step) ? windows++ : 0)
    const names = constants.map((_, place) => `c${index}_${place}`)
    constants.forEach((one, place) => void initializers.push(constant(names[place], ...one)))
    const opType = step.op === 'Conv' && state.type === 'uint8' ? 'QLinearConv' : step.op
    const inputs = [index === 0 ? 'x' : `v${index}`, ...names].join(' ')
    const output = index === steps.length - 1 ? 'y' : `v${index + 1}`
    return node(opType, inputs, output, attributesAt(step, state, input.length), { name: `${opType}${index}` })
  })
  const spatial = input.map((size, axis) => (open ? ['height', 'width'][axis] : size))
  return model({ nodes, initializers, inputs: { x: [1, 2, ...spatial] } }, 19)
}

function attributesOf(window: Window): NonNullable<Parameters<typeof node>[3]> {
  const { op, kernel, strides, dilations, padding, ceil, counted, group, outputPadding, outputShape, wordy } = window
  const flat = typeof padding === 'string' ? [] : [...padding.map(([begin]) => begin), ...padding.map(([, end]) => end)]
  const pool = op.endsWith('Pool')
  const given = (list: readonly number[], usual: number): boolean => wordy === true || list.some((one) => one !== usual)
  return {
    kernel_shape: kernel,
    ...(typeof padding === 'string' ? { auto_pad: padding } : wordy && { auto_pad: 'NOTSET' }),
    ...(flat.length > 0 && given(flat, 0) && { pads: flat }),
    ...(given(strides, 1) && { strides }),
    ...(given(dilations, 1) && { dilations }),
    ...(pool && (ceil || wordy) && { ceil_mode: ceil ? 1 : 0 }),
    ...(op === 'AveragePool' && (counted || wordy) && { count_include_pad: counted ? 1 : 0 }),
    ...(!pool && (group === 2 || wordy) && { group: group ?? 1 }),
    ...(outputPadding && { output_padding: outputPadding }),
    ...(outputShape && { output_shape: outputShape }),
  }
}

const small = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max })
const sides = (max: number): fc.Arbitrary<Sides> => fc.tuple(small(max), small(max))
/** For each of two axes; a network on one axis takes the first. */
const both = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> => fc.tuple(one, one)
const often = <T>(usual: T, other: fc.Arbitrary<T>): fc.Arbitrary<T> =>
  fc.oneof({ weight: 2, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other })

const pads: fc.Arbitrary<Pad> = fc
  .record({
    mode: often<Pad['mode']>('constant', fc.constantFrom('reflect', 'edge', 'wrap')),
    value: often(0, fc.constantFrom(1, -3, Number.NEGATIVE_INFINITY)),
    sides: both(sides(3)),
  })
  .map((pad) => ({ op: 'Pad', ...pad, value: pad.mode === 'constant' ? pad.value : 0 }))

/** Pads of quantised values. */
const quantizedPads: fc.Arbitrary<Pad> = pads.chain((pad) =>
  fc.constantFrom(0, 128, 130, 3).map((value) => ({ ...pad, value: pad.mode === 'constant' ? value : 0 })),
)

const crops: fc.Arbitrary<Pad> = both(sides(2)).map((cut) => ({
  ...{ op: 'Pad', mode: 'constant', value: 0 },
  sides: cut.map(([begin, end]) => [-begin, -end] as const),
}))

const slices: fc.Arbitrary<Slice> = fc.record({
  op: fc.constant('Slice' as const),
  dropped: both(sides(2)),
  steps: often<readonly number[]>([1, 1], both(fc.integer({ min: 1, max: 3 }))),
})

const automatic: fc.Arbitrary<AutoPad> = fc.constantFrom('SAME_UPPER', 'SAME_LOWER', 'VALID')
const explicit: fc.Arbitrary<Window['padding']> = both(sides(3))

/** Attributes of every kind; what onnxruntime refuses is left out as far as an axis by itself tells. */
const windows: fc.Arbitrary<Window> = fc
  .record({
    op: fc.constantFrom<Window['op']>('Conv', 'Conv', 'ConvTranspose', 'MaxPool', 'AveragePool'),
    kernel: both(fc.integer({ min: 1, max: 4 })),
    strides: both(fc.integer({ min: 1, max: 3 })),
    dilations: often<readonly number[]>([1, 1], both(fc.integer({ min: 1, max: 3 }))),
    padding: fc.oneof({ weight: 2, arbitrary: explicit }, { weight: 1, arbitrary: automatic }),
    ceil: fc.boolean(),
    counted: fc.boolean(),
    group: fc.constantFrom(1 as const, 1 as const, 2 as const),
    outputPadding: fc.option(both(small(2)), { nil: undefined, freq: 2 }),
  })
  .map(({ op, ceil, counted, group, outputPadding, ...window }): Window => {
    const { kernel, strides, padding } = window
    if (op === 'Conv') {
      const dilations = typeof padding === 'string' && padding !== 'VALID' ? [1, 1] : window.dilations
      return { op, ...window, dilations, group }
    }
    if (op === 'ConvTranspose') {
      const added = outputPadding?.map((cells, axis) => Math.min(cells, strides[axis] - 1))
      return { op, ...window, group, ...(added && typeof padding !== 'string' && { outputPadding: added }) }
    }
    const within = (cells: number, axis: number): number => Math.min(cells, kernel[axis] - 1)
    const numbers =
      typeof padding === 'string'
        ? padding
        : padding.map(([begin, end], axis): Sides => [within(begin, axis), within(end, axis)])
    return { op, ...window, padding: numbers, ceil, ...(op === 'AveragePool' && { counted }) }
  })

const list = (one: fc.Arbitrary<Step>): fc.Arbitrary<Step[]> => one.map((step) => [step])
const between = (step: Step, one: fc.Arbitrary<Step>): fc.Arbitrary<Step[]> => one.map((inner) => [step, inner, step])
const zeroOf = fc.constantFrom(128, 128, 0, 3)
const quantize: fc.Arbitrary<Quantize> = fc.record({
  op: fc.constant('QuantizeLinear' as const),
  scale: fc.constantFrom(1, 0.5),
  zero: zeroOf,
})

const before: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 4, arbitrary: list(pads) },
  { weight: 1, arbitrary: list(crops) },
  { weight: 1, arbitrary: list(slices) },
  { weight: 1, arbitrary: list(fc.constantFrom<Step>({ op: 'Identity' }, { op: 'Relu' })) },
  { weight: 1, arbitrary: between({ op: 'Transpose' }, pads) },
  { weight: 1, arbitrary: between({ op: 'Cast' }, pads) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(quantize, fc.array(quantizedPads, { maxLength: 2 }))
      .map(([start, inner]): Step[] => [start, ...inner, { op: 'DequantizeLinear' }]),
  },
)

const behind: fc.Arbitrary<Step[]> = fc.oneof(
  { weight: 3, arbitrary: list(slices) },
  { weight: 2, arbitrary: list(crops) },
  { weight: 1, arbitrary: list(fc.constant<Step>({ op: 'Identity' })) },
  { weight: 1, arbitrary: between({ op: 'Transpose' }, slices) },
)

/** A layer with quantised cells. */
const quantized: fc.Arbitrary<Step[]> = fc
  .tuple(quantize, fc.array(quantizedPads, { maxLength: 2 }), windows, fc.array(slices, { maxLength: 1 }))
  .map(([start, inner, window, outer]): Step[] => {
    const { counted: _, outputPadding: __, ...rest } = window
    const op = window.op === 'MaxPool' ? 'MaxPool' : 'Conv'
    const same = typeof rest.padding === 'string' && rest.padding !== 'VALID'
    const dilations = op === 'Conv' && same ? [1, 1] : rest.dilations
    return [start, ...inner, { ...rest, op, dilations }, ...outer, { op: 'DequantizeLinear' }]
  })

const plain: fc.Arbitrary<Step[]> = fc
  .tuple(fc.array(before, { maxLength: 3 }), windows, fc.array(behind, { maxLength: 2 }))
  .map(([parts, window, others]) => [...parts.flat().map((step) => finite(step, window)), window, ...others.flat()])

/** Minus infinity stands before maxima alone: sums with it are no numbers, and tell nothing of what else differs. */
function finite(step: Step, { op }: Window): Step {
  return step.op === 'Pad' && step.value === Number.NEGATIVE_INFINITY && op !== 'MaxPool'
    ? { ...step, value: -3 }
    : step
}

/** Networks of one to three layers on one or two axes, with something left at every step. */
export const networks: fc.Arbitrary<Network> = fc
  .record({
    rank: fc.constantFrom(1, 2, 2),
    input: both(fc.integer({ min: 6, max: 17 })),
    open: fc.boolean(),
    layers: fc.array(fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: quantized }), {
      minLength: 1,
      maxLength: 3,
    }),
  })
  .map(({ rank, input, open, layers }) => ({
    input: input.slice(0, rank),
    open,
    steps: layers.flat().map((step) => onAxes(step, rank)),
  }))
  .filter(isSound)

/** A step on the first so many axes. */
function onAxes(step: Step, rank: number): Step {
  const first = <T>(value: T): T => (Array.isArray(value) ? (value.slice(0, rank) as T) : value)
  return Object.fromEntries(Object.entries(step).map(([name, value]) => [name, first(value)])) as unknown as Step
}

/** A network in one line: `9x12, open: Pad edge 1,2 0,0 > Conv k3x2 s2x1 p1,1 0,2`. */
export function textOf({ input, open, steps }: Network): string {
  return `${input.join('x')}${open ? ', open' : ''}: ${steps.map(stepText).join(' > ')}`
}

function stepText(step: Step): string {
  const each = (all: readonly Sides[]): string => all.join(' ')
  if (step.op === 'Pad') return `Pad ${step.mode}${step.value === 0 ? '' : ` of ${step.value}`} ${each(step.sides)}`
  if (step.op === 'Slice') return `Slice ${each(step.dropped)} step ${step.steps.join('x')}`
  if (step.op === 'QuantizeLinear') return `QuantizeLinear ${step.scale} zero ${step.zero}`
  if (!isWindow(step)) return step.op
  const { op, kernel, strides, dilations, padding, ceil, counted, group, outputPadding, outputShape } = step
  const parts = [
    `${op} k${kernel.join('x')} s${strides.join('x')} d${dilations.join('x')}`,
    typeof padding === 'string' ? padding : `p${each(padding)}`,
    ...[ceil && 'ceil', counted && 'counted', group === 2 && 'g2'],
    ...[outputPadding && `op${outputPadding.join('x')}`, outputShape && `os${outputShape.join('x')}`],
  ]
  return parts.filter(Boolean).join(' ')
}

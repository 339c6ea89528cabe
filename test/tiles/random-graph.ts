import fc from '../fast-check.ts'
import { constant, model, node, type Parts } from '../models/onnx/make-model.ts'

// Random networks with branches, whose numbers stay small integers: what tiles say of them can be held against an engine.

/** A node on the value before it, or on that and an earlier one. */
export type GraphStep =
  | {
      readonly op: 'Conv' | 'MaxPool' | 'AveragePool'
      readonly windows: readonly GraphWindow[]
      readonly word?: string
      readonly ceil?: boolean
    }
  | { readonly op: 'ConvTranspose'; readonly windows: readonly GraphWindow[] }
  | {
      readonly op: 'Pad'
      readonly mode: 'constant' | 'reflect' | 'edge'
      readonly sides: readonly (readonly [number, number])[]
    }
  | {
      readonly op: 'Slice'
      readonly dropped: readonly (readonly [number, number])[]
      readonly steps: readonly number[]
    }
  | { readonly op: 'Resize'; readonly mode: 'nearest' | 'linear'; readonly place: string; readonly rounding: string }
  | { readonly op: 'Relu' }
  /** The value before it joined with that of so many steps back. */
  | { readonly op: 'Add' | 'Concat'; readonly back: number }

export interface GraphWindow {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly pads: readonly [number, number]
}

export interface RandomGraph {
  readonly rank: 1 | 2
  readonly steps: readonly GraphStep[]
  /** Whether a value in the middle is an output too. */
  readonly hasTwo: boolean
}

const CHANNELS = 2

const windowOf = (kernels: readonly number[]): fc.Arbitrary<GraphWindow> =>
  fc.record({
    kernel: fc.constantFrom(...kernels),
    stride: fc.constantFrom(1, 1, 2, 2, 3),
    dilation: fc.constantFrom(1, 1, 1, 2),
    pads: fc.tuple(fc.nat(3), fc.nat(3)),
  })

/** SAME as the name has it, or numbers. */
const words = fc.constantFrom('SAME_UPPER', 'SAME_LOWER', 'NOTSET', 'NOTSET', 'VALID')

const each = <T>(rank: number, one: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.array(one, { minLength: rank, maxLength: rank })

function steps(rank: number): fc.Arbitrary<GraphStep> {
  const sides = each(rank, fc.tuple(fc.nat(2), fc.nat(2)))
  const pool = (op: 'MaxPool' | 'AveragePool', kernels: readonly number[]): fc.Arbitrary<GraphStep> =>
    fc
      .record({ windows: each(rank, windowOf(kernels)), ceil: fc.boolean() })
      .map(({ windows, ceil }) => ({ op, windows: windows.map(fitted), ceil: op === 'MaxPool' && ceil }))
  return fc.oneof(
    {
      weight: 5,
      arbitrary: fc.record({
        op: fc.constant('Conv' as const),
        windows: each(rank, windowOf([1, 2, 3, 3, 4])),
        word: words,
      }),
    },
    { weight: 2, arbitrary: pool('MaxPool', [1, 2, 3]) },
    { weight: 1, arbitrary: pool('AveragePool', [1, 2, 4]) },
    {
      weight: 2,
      arbitrary: each(rank, windowOf([2, 3, 4])).map((windows): GraphStep => {
        return {
          op: 'ConvTranspose',
          windows: windows.map((one) => ({ ...one, pads: [one.pads[0] % 2, one.pads[1] % 2] })),
        }
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('Pad' as const),
        mode: fc.constantFrom('constant' as const, 'reflect' as const, 'edge' as const),
        sides,
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('Slice' as const),
        dropped: sides,
        steps: each(rank, fc.constantFrom(1, 1, 2)),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        op: fc.constant('Resize' as const),
        mode: fc.constantFrom('nearest' as const, 'linear' as const),
        place: fc.constantFrom('asymmetric', 'half_pixel'),
        rounding: fc.constantFrom('floor', 'round_prefer_floor', 'ceil'),
      }),
    },
    { weight: 1, arbitrary: fc.constant<GraphStep>({ op: 'Relu' }) },
    {
      weight: 3,
      arbitrary: fc.record({
        op: fc.constantFrom('Add' as const, 'Concat' as const),
        back: fc.integer({ min: 2, max: 4 }),
      }),
    },
  )
}

/** A pool's padding below its kernel, without dilation: runtimes refuse or read the rest otherwise. */
const fitted = (one: GraphWindow): GraphWindow => ({
  ...one,
  dilation: 1,
  pads: [Math.min(one.pads[0], one.kernel - 1), Math.min(one.pads[1], one.kernel - 1)],
})

const randomGraphs: fc.Arbitrary<RandomGraph> = fc.constantFrom<1 | 2>(1, 1, 2).chain((rank) =>
  fc.record({
    rank: fc.constant(rank),
    steps: fc.array(steps(rank), { minLength: 1, maxLength: 7 }),
    hasTwo: fc.boolean(),
  }),
)

/** One level of a U-Net: a convolution, and the ways down from it and up to it again. */
interface Level {
  readonly conv: GraphStep
  readonly down: GraphStep
  readonly up: GraphStep
  readonly join: 'Add' | 'Concat'
}

function levels(rank: number): fc.Arbitrary<Level> {
  const all = (kernel: number, stride: number, pad = 0): GraphWindow[] =>
    new Array(rank).fill({ kernel, stride, dilation: 1, pads: [pad, pad] })
  const same = fc.constantFrom('SAME_UPPER', 'SAME_LOWER')
  const conv = each(
    rank,
    fc.record({
      kernel: fc.integer({ min: 1, max: 5 }),
      stride: fc.constant(1),
      dilation: fc.constantFrom(1, 1, 2),
      pads: fc.constant([0, 0] as const),
    }),
  )
  return fc.record({
    conv: fc.tuple(conv, same).map(([windows, word]): GraphStep => ({ op: 'Conv', windows, word })),
    down: fc.oneof(
      fc.constantFrom<GraphStep>({ op: 'MaxPool', windows: all(2, 2) }, { op: 'AveragePool', windows: all(4, 2, 1) }),
      fc.tuple(fc.integer({ min: 2, max: 4 }), same).map(([kernel, word]): GraphStep => {
        return { op: 'Conv', windows: all(kernel, 2), word }
      }),
    ),
    up: fc.constantFrom<GraphStep>(
      { op: 'ConvTranspose', windows: all(2, 2) },
      { op: 'ConvTranspose', windows: all(4, 2, 1) },
      { op: 'Resize', mode: 'nearest', place: 'asymmetric', rounding: 'floor' },
      { op: 'Resize', mode: 'linear', place: 'half_pixel', rounding: 'floor' },
    ),
    join: fc.constantFrom('Add', 'Concat'),
  })
}

/** U-Nets: down and up again, with levels that are joined. Sizes must be multiples of 4. */
const randomUNets: fc.Arbitrary<RandomGraph> = fc.constantFrom<1 | 2>(1, 2).chain((rank) =>
  fc.array(levels(rank), { minLength: 1, maxLength: 2 }).map((list) => {
    const steps: GraphStep[] = []
    const joined = list.map(({ conv, down }) => {
      steps.push(conv, down)
      return steps.length - 1
    })
    for (const [index, { up, join, conv }] of [...list.entries()].reverse()) {
      steps.push(conv, up)
      steps.push({ op: join, back: steps.length + 1 - joined[index] })
    }
    return { rank, steps: [...steps, list[0].conv], hasTwo: false }
  }),
)

/** A network on a picture that is cut. */
export interface RandomCase {
  readonly graph: RandomGraph
  readonly size: readonly number[]
  readonly tile: number
}

const cases = (graphs: fc.Arbitrary<RandomGraph>, rest: number, most: number): fc.Arbitrary<RandomCase> =>
  graphs.chain((graph) =>
    fc.record({
      graph: fc.constant(graph),
      size: each(
        graph.rank,
        fc.tuple(fc.integer({ min: 5, max: 15 }), fc.nat(rest)).map(([count, more]) => 4 * count + more),
      ),
      tile: fc.integer({ min: 12, max: most }),
    }),
  )

/** Networks, U-Nets among them, on pictures of 20 to 63 cells. */
export const randomCases = fc.oneof(
  { weight: 3, arbitrary: cases(randomGraphs, 3, 50) },
  { weight: 1, arbitrary: cases(randomUNets, 0, 60) },
)

const weightsOf = (seed: number, count: number): number[] =>
  Array.from({ length: count }, (_, index) => [1, -1, 0, 1, 0, -1, 1, 0][(index * 3 + (index >> 2) + seed * 5) % 8])

/**
 * The bytes of a network; its spatial sizes are open.
 *
 * @param positive whether all weights are 1, so that a cell that is read changes what reads it
 */
export function graphBytes({ rank, steps, hasTwo }: RandomGraph, positive = false): Uint8Array<ArrayBuffer> {
  const initializers: NonNullable<Parts['initializers']>[number][] = []
  const nodes: ReturnType<typeof node>[] = []
  const channels = [CHANNELS]
  const given = (name: string, type: 'float' | 'int64', dims: readonly number[], values: readonly number[]): string => {
    initializers.push(constant(name, type, dims, values))
    return name
  }
  steps.forEach((step, index) => {
    const [from, to] = [`v${index}`, `v${index + 1}`]
    const inside = channels[index]
    let outside = inside
    const list = (name: string, values: readonly number[]): string =>
      given(`${name}${index}`, 'int64', [values.length], values)
    const add = (inputs: string, attributes: Parameters<typeof node>[3] = {}): void => {
      nodes.push(node(step.op, inputs, to, attributes, { name: `${step.op}${index}` }))
    }
    if ('windows' in step) {
      const { windows } = step
      const word = step.op === 'Conv' && step.word ? step.word : 'NOTSET'
      const attributes = {
        kernel_shape: windows.map(({ kernel }) => kernel),
        strides: windows.map(({ stride }) => stride),
        dilations: windows.map(({ dilation }) => dilation),
        ...(word === 'NOTSET'
          ? { pads: [0, 1].flatMap((side) => windows.map(({ pads }) => pads[side])) }
          : { auto_pad: word }),
        ...('ceil' in step && step.ceil && { ceil_mode: 1 }),
        ...(step.op === 'AveragePool' && { count_include_pad: 1 }),
      }
      if (step.op.endsWith('Pool')) {
        if (step.op === 'AveragePool') Reflect.deleteProperty(attributes, 'dilations')
        add(from, attributes)
      } else {
        outside = CHANNELS
        const shape = [...(step.op === 'Conv' ? [outside, inside] : [inside, outside]), ...attributes.kernel_shape]
        const count = shape.reduce((product, size) => product * size, 1)
        add(
          `${from} ${given(`w${index}`, 'float', shape, positive ? new Array(count).fill(1) : weightsOf(index, count))}`,
          attributes,
        )
      }
    } else if (step.op === 'Pad') {
      add(
        `${from} ${list(
          'p',
          [0, 1].flatMap((side) => [0, 0, ...step.sides.map((pads) => pads[side])]),
        )}`,
        { mode: step.mode },
      )
    } else if (step.op === 'Slice') {
      const axes = step.steps.map((_, axis) => axis + 2)
      const ends = step.dropped.map(([, end]) => (end === 0 ? 2 ** 40 : -end))
      add(
        `${from} ${list(
          'b',
          step.dropped.map(([begin]) => begin),
        )} ${list('e', ends)} ${list('a', axes)} ${list('s', step.steps)}`,
      )
    } else if (step.op === 'Resize') {
      const scales = given(`r${index}`, 'float', [rank + 2], [1, 1, ...new Array(rank).fill(2)])
      add(`${from} - ${scales}`, {
        mode: step.mode,
        coordinate_transformation_mode: step.place,
        nearest_mode: step.rounding,
      })
    } else if (step.op === 'Relu') add(from)
    else {
      const other = Math.max(0, index - step.back + 1)
      if (step.op === 'Concat') outside = inside + channels[other]
      add(`${from} v${other}`, step.op === 'Concat' ? { axis: 1 } : {})
    }
    channels.push(outside)
  })
  const open = ['n', 'height', 'width'].slice(0, rank + 1)
  const shape = (count: number, prefix: string): (number | string)[] => [
    1,
    count,
    ...open.slice(1).map((name) => `${prefix}${name}`),
  ]
  const last = `v${steps.length}`
  const middle = Math.floor(steps.length / 2)
  const outputs = {
    [last]: shape(channels[steps.length], 'y'),
    ...(hasTwo && middle > 0 && { [`v${middle}`]: shape(channels[middle], 'z') }),
  }
  return model({ nodes, inputs: { v0: shape(CHANNELS, '') }, outputs, initializers }, 18)
}

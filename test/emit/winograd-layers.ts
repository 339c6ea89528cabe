import { type Axis, type AxisPadding, type Geometry, resolve } from '../../src/index.ts'
import type { Problem } from '../../src/reference/problem.ts'
import fc from '../fast-check.ts'
import { boundedEpilogues, epilogueOf, type WrittenEpilogue } from './epilogues.ts'
import { MORE_CHANNELS } from './layers.ts'

interface Sizes {
  readonly input: number
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  readonly padding: AxisPadding
}

const upTo = (max: number): fc.Arbitrary<number> => fc.integer({ min: 1, max })
const pads = fc.integer({ min: 0, max: 3 })

/**
 * Height or width, where each output comes from 2 to 5 neighbouring cells, cells some way apart, or such cells of each
 * residue modulo the stride: some residues may have one tap less.
 */
const axes = (transposed: boolean): fc.Arbitrary<Sizes> =>
  fc
    .record({
      input: upTo(transposed ? 14 : 30),
      taps: fc.oneof(
        { weight: 4, arbitrary: fc.integer({ min: 2, max: 5 }) },
        { weight: 1, arbitrary: fc.integer({ min: 6, max: 9 }) },
      ),
      apart: upTo(4),
      less: fc.integer({ min: 0, max: 3 }),
      strided: fc.boolean(),
      padding: fc.oneof(
        fc.constantFrom<AxisPadding>('same-upper', 'same-lower', 'full', 'valid', 'causal'),
        fc.tuple(pads, pads),
      ),
    })
    .map(({ input, taps, apart: any, less, strided, padding }) => {
      // Parts of long kernels and residues make 16 pairs of both axes at most.
      const apart = taps > 5 ? Math.min(any, 2) : any
      const kernel = taps * apart - Math.min(less, apart - 1)
      if (transposed) return { input, kernel, stride: apart, dilation: 1, padding }
      return strided
        ? { input, kernel, stride: apart, dilation: 1, padding }
        : { input, kernel: taps, stride: 1, dilation: apart, padding }
    })

/** Height or width of one tap, beside an axis of several. */
const single: fc.Arbitrary<Sizes> = fc.record({
  ...{ input: upTo(6), kernel: fc.constant(1), stride: fc.constant(1), dilation: fc.constant(1) },
  padding: fc.constantFrom<AxisPadding>('valid', 'same'),
})

/** Depth, where every output has a real tap. */
const depths: fc.Arbitrary<Sizes> = fc.oneof(
  fc.record({
    ...{ input: upTo(4), kernel: fc.constantFrom(1, 3), stride: fc.constant(1), dilation: upTo(2) },
    padding: fc.constant('same' as const),
  }),
  fc.record({
    ...{ input: upTo(4), kernel: fc.constant(3), stride: upTo(2), dilation: fc.constant(1) },
    padding: fc.constant('same' as const),
  }),
)

interface Plane {
  readonly op: 'conv' | 'convTranspose'
  readonly axes: readonly Sizes[]
}

const planes: fc.Arbitrary<Plane> = fc.boolean().chain((transposed) => {
  const plane = [axes(transposed), axes(transposed)] as const
  return fc.record({
    op: fc.constant(transposed ? ('convTranspose' as const) : ('conv' as const)),
    axes: fc.oneof(
      { weight: 3, arbitrary: fc.tuple(...plane) },
      { weight: 3, arbitrary: fc.tuple(depths, ...plane) },
      fc.tuple(plane[0]),
      fc.tuple(single, plane[0]),
      fc.tuple(plane[0], single),
    ),
  })
})

/** The geometry; undefined where padding leaves no output. */
function geometryOf({ op, axes }: Plane): Geometry | undefined {
  try {
    return resolve({
      op,
      input: axes.map(({ input }) => input),
      kernel: axes.map(({ kernel }) => kernel),
      strides: axes.map(({ stride }) => stride),
      dilations: axes.map(({ dilation }) => dilation),
      padding: axes.map(({ padding }) => padding),
    })
  } catch {
    return undefined
  }
}

const rest = fc.record({
  batch: upTo(3),
  inChannels: upTo(19),
  outChannels: upTo(21),
  groups: fc.constant(1),
  layout: fc.constantFrom('nchw' as const, 'nhwc' as const),
})

const withEpilogue = <P extends Omit<Problem, 'epilogue'>>(problem: P, written: WrittenEpilogue): Problem => {
  return { ...problem, epilogue: epilogueOf(written, problem.outChannels) }
}

const winogradSettings = fc
  .tuple(planes.map(geometryOf), rest, boundedEpilogues)
  .filter(([geometry]) => geometry !== undefined && hasTiles(geometry))
  .map(([geometry, ...others]) => [geometry as Geometry, ...others] as const)

/** Layers of every kind that Winograd's algorithm can do, whether it pays or not. */
export const winogradLayers: fc.Arbitrary<Problem> = winogradSettings.map(([geometry, others, written]) =>
  withEpilogue({ geometry, ...others }, written),
)

/** Whether a transposed convolution has an output of a residue that two taps or more reach, along height and width. */
function hasTiles({ op, axes }: Geometry): boolean {
  const most = ({ kernel, stride, padBegin, output }: Axis): number =>
    Math.max(
      ...Array.from({ length: Math.min(stride, output) }, (_, first) => {
        const taps = Array.from({ length: kernel }, (_, tap) => tap)
        return taps.filter((tap) => (tap - padBegin - first) % stride === 0).length
      }),
    )
  return op === 'conv' || axes.slice(-2).every((axis) => axis.kernel === 1 || most(axis) > 1)
}

/** The same, each on inputs of several sizes, those of which it makes an output. */
export const winogradLayersOfSizes: fc.Arbitrary<Problem[]> = fc
  .tuple(planes, rest, fc.array(fc.tuple(upTo(40), upTo(40)), { minLength: 5, maxLength: 5 }), boundedEpilogues)
  .map(([{ op, axes }, others, sizes, written]) => {
    const { epilogue } = withEpilogue({ geometry: resolve({ input: 1, kernel: 1 }), ...others }, written)
    return sizes.flatMap((cells) => {
      const own = axes.map((axis, index) => ({ ...axis, input: cells[index - axes.length + 2] ?? axis.input }))
      const geometry = geometryOf({ op, axes: own })
      return geometry && hasTiles(geometry) ? [{ geometry, ...others, epilogue }] : []
    })
  })

/** The same with several numbers of channels, as many of which are left behind whole vectors. */
export const winogradLayersOfChannels: fc.Arbitrary<Problem[]> = winogradSettings.map(([geometry, others, written]) =>
  MORE_CHANNELS.map((more) => {
    const [inChannels, outChannels] = [others.inChannels + 12 * more, others.outChannels + 8 * more]
    return withEpilogue({ geometry, ...others, inChannels, outChannels }, written)
  }),
)

/** Layers so large that tiles and filters are worked through in many pieces: panels, chunks, slides and slices. */
export const largeLayers: readonly Problem[] = [
  { geometry: resolve({ input: [29, 33], kernel: 3, padding: 'same' }), inChannels: 90, outChannels: 100 },
  {
    geometry: resolve({ input: [31, 23], kernel: 3, dilations: [2, 3], padding: 'same' }),
    inChannels: 75,
    outChannels: 68,
  },
  { geometry: resolve({ input: [5, 13, 16], kernel: 3, padding: 'same' }), inChannels: 52, outChannels: 44 },
  {
    geometry: resolve({ op: 'convTranspose', input: [12, 17], kernel: [4, 6], strides: 2, padding: 'same' }),
    inChannels: 70,
    outChannels: 77,
  },
  {
    geometry: resolve({ input: [41, 37], kernel: [3, 5], strides: 2, padding: 'same' }),
    inChannels: 61,
    outChannels: 70,
  },
  {
    geometry: resolve({ op: 'convTranspose', input: [21, 19], kernel: [3, 5], strides: 2, padding: 'same' }),
    inChannels: 65,
    outChannels: 75,
  },
].map((layer, index) => ({
  ...layer,
  layout: index % 2 === 0 ? 'nchw' : 'nhwc',
  ...{ batch: 2, groups: 1, epilogue: epilogueOf({ activation: 'relu' }, layer.outChannels) },
}))

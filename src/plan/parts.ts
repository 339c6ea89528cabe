import { type Axis, Geometry, part, transposedPart } from '../geometry/index.ts'
import { stepsOf } from '../reference/loops.ts'
import { type Filter, inputAround, outputAround, type Problem } from '../reference/problem.ts'
import type { Choice } from './choose.ts'
import { FLOAT, LANES } from './plan.ts'
import { greedily } from './row-tiles.ts'
import { FILTER_BLOCK, tilingOf } from './winograd-tiling.ts'

/**
 * A part of a problem that reads and writes the tensors of the whole where they are. All parts together make every output
 * once, just as the whole does.
 */
export interface ProblemPart {
  readonly problem: Problem
  /** Elements from the begin of the whole tensors to those of the part. */
  readonly input: number
  readonly output: number
  /** Its first group, its first output channel in that, and its first of all. */
  readonly group: number
  readonly out: number
  readonly channel: number
}

/** A way to cut: along outermost cells, or along output channels (groups, where there are several). */
interface Cut {
  readonly along: 'cells' | 'channels'
  /** How many pieces there are to be shared out, and how many cells or channels are one. */
  readonly pieces: number
  readonly size: number
  /** What a part does beside its share, as a share of the whole. */
  readonly more: number
}

/** Bytes that take as long to read as a multiplication of a vector, from a cache that is not near. */
const BYTES_EACH = 6

/** Cuts a problem into parts of about the same work, at most so many; undefined where it is in one piece. */
export function partsOf({ plan, problem }: Pick<Choice, 'plan' | 'problem'>, count: number): ProblemPart[] | undefined {
  const whole = { ...problem, within: { input: inputAround(problem), output: outputAround(problem) } }
  const images = Math.min(count, problem.batch)
  const time = ({ pieces, more }: Cut): number => Math.ceil(pieces / Math.min(pieces, each)) / pieces + more
  const each = Math.floor(count / images)
  const cuts = cutsOf(plan, problem)
  const cut = cuts.reduce((best, other) => (time(other) < time(best) ? other : best), cuts[0])
  const parts = shares(problem.batch, images).flatMap(([first, batch]) => {
    if (each === 1 || !cut || cut.pieces === 1) return [ofImages(whole, first, batch)]
    // Programs of one image ask nothing of where the next one is, of which they may have other channels.
    return greedily(batch, 1).flatMap((_, image) =>
      shares(cut.pieces, each).map(([begin, pieces]) => {
        const limit = cut.along === 'cells' ? problem.geometry.axes[0].output : channelsOf(problem)
        const [from, to] = [begin * cut.size, begin + pieces < cut.pieces ? (begin + pieces) * cut.size : limit]
        const own = ofImages(whole, first + image, 1)
        return cut.along === 'cells' ? ofCells(own, from, to) : ofChannels(own, from, to)
      }),
    )
  })
  return parts.length > 1 ? parts : undefined
}

/** Groups, where there are several, or output channels. */
const channelsOf = ({ groups, outChannels }: Problem): number => (groups > 1 ? groups : outChannels)

/** A number in so many shares at most, as even as can be: where each begins, and how much it is. */
function shares(total: number, count: number): [begin: number, size: number][] {
  const most = Math.min(total, count)
  return Array.from({ length: most }, (_, index) => {
    const begin = Math.floor((index * total) / most)
    return [begin, Math.floor(((index + 1) * total) / most) - begin]
  })
}

/** The ways to cut an image of a problem; those that come first are taken where both take as long. */
function cutsOf(plan: Choice['plan'], problem: Problem): Cut[] {
  const { geometry, inChannels, outChannels, groups } = problem
  const [{ output, stride, dilation }, ...inner] = geometry.axes
  const transposed = geometry.op === 'convTranspose'
  const phase = transposed ? stride : 1
  const cut = (along: Cut['along'], all: number, size: number, more: number): Cut => {
    // Of a transposed convolution every part has outputs of each residue modulo the stride, as the whole has.
    const least = along === 'cells' ? phase : 1
    return { along, pieces: Math.max(1, Math.ceil((all - least + 1) / size)), size, more }
  }
  const multiplications = geometry.axes.reduce(
    (product, axis) => product * axis.kernel * (transposed ? axis.input : axis.output),
    (inChannels * outChannels) / groups / LANES,
  )
  const reading = (bytes: number): number => bytes / BYTES_EACH / multiplications
  const input = geometry.axes.reduce((product, axis) => product * axis.input, inChannels * FLOAT)
  if (plan.strategy === 'winograd') {
    const { span, relaxed, window } = plan.structure
    const tiling = tilingOf(problem, { simd: true, relaxed, ordered: true }, plan.structure)
    const share = (cost = 0): number => cost / (tiling?.cost ?? 1)
    // Of a line, tiles lie along its only axis; of a volume, the outermost axis has none.
    const [height, width] = span.map((cells, axis) => (cells + 1 - window[axis]) * phase * dilation)
    const rows = [width, height, phase][inner.length]
    return [
      cut('cells', output, rows, share(tiling?.transforms.filters)),
      cut('channels', outChannels, FILTER_BLOCK * LANES, share(tiling?.transforms.cells)),
    ]
  }
  const ofInput = groups > 1 ? 0 : reading(input)
  const ofWeights = reading(plan.bytes.weights)
  if (plan.strategy === 'dense') {
    const channels = groups > 1 ? 1 : plan.structure.vectors * LANES
    const cells =
      inner.length > 0 ? phase : phase * Math.max(...plan.structure.columns[0].kinds.map((kind) => kind.pixels))
    return [cut('cells', output, cells, ofWeights), cut('channels', channelsOf(problem), channels, ofInput)]
  }
  if (plan.strategy === 'pointwise') {
    const channels = groups > 1 ? 1 : Math.max(...plan.structure.blocks.map((block) => block.channels))
    const cells = plan.structure.vectors * LANES
    return [cut('cells', output, cells, ofWeights), cut('channels', channelsOf(problem), channels, ofInput)]
  }
  const rows = inner.length > 0 ? 1 : plan.structure.vectors * LANES
  const ofRows = cut('cells', output, rows, 0)
  if (plan.strategy === 'channels') return [ofRows, cut('channels', groups, plan.structure.vectors * LANES, 0)]
  return groups > 1 ? [cut('channels', groups, 1, 0), ofRows] : [ofRows]
}

/** Some images of a problem. */
function ofImages(whole: Problem, first: number, batch: number): ProblemPart {
  const steps = wholeSteps(whole)
  const places = { input: first * steps.input.batch, output: first * steps.output.batch }
  return { problem: { ...whole, batch }, ...places, group: 0, out: 0, channel: 0 }
}

/** Some outputs along the outermost axis. */
function ofCells({ problem, ...place }: ProblemPart, from: number, to: number): ProblemPart {
  const { geometry } = problem
  const [outermost, ...inner] = geometry.axes
  const { axis, input, output } = (geometry.op === 'convTranspose' ? transposedPart : part)(outermost, from, to)
  // What lies behind the last window is there too: tiles of Winograd may read it, and come to other bits without it.
  const behind = outermost.kernel > 1 ? outermost.input - input.end : 0
  const own: Axis = { ...axis, input: axis.input + behind, padEnd: axis.padEnd - behind }
  const steps = wholeSteps(problem)
  const at = 3 - geometry.axes.length
  return {
    ...place,
    problem: { ...problem, geometry: new Geometry(geometry.op, [own, ...inner]) },
    input: place.input + input.begin * steps.input.axes[at],
    output: place.output + output.begin * steps.output.axes[at],
  }
}

/** Some output channels, or groups where there are several. */
function ofChannels({ problem, ...place }: ProblemPart, from: number, to: number): ProblemPart {
  const { groups, inChannels, outChannels } = problem
  const [count, steps] = [to - from, wholeSteps(problem)]
  if (groups === 1) {
    const output = place.output + from * steps.output.channel
    return {
      problem: { ...problem, outChannels: count },
      input: place.input,
      output,
      group: 0,
      out: from,
      channel: from,
    }
  }
  const [inGroup, outGroup] = [inChannels / groups, outChannels / groups]
  return {
    problem: { ...problem, groups: count, inChannels: count * inGroup, outChannels: count * outGroup },
    input: place.input + from * inGroup * steps.input.channel,
    output: place.output + from * outGroup * steps.output.channel,
    ...{ group: from, out: 0, channel: from * outGroup },
  }
}

function wholeSteps(problem: Problem) {
  const { layout } = problem
  return {
    input: stepsOf(inputAround(problem), layout),
    output: stepsOf(outputAround(problem), layout),
  }
}

/** What a part needs of the whole's filter. */
export function filterOfPart(
  { problem, group, out, channel }: ProblemPart,
  { weights, steps, bias, operands }: Filter,
): Filter {
  const first = group * steps.group + out * steps.out
  return {
    weights: weights.subarray(first),
    steps,
    bias: bias?.subarray(channel, channel + problem.outChannels),
    operands: operands?.map((list) => list.subarray(channel, channel + problem.outChannels)),
  }
}

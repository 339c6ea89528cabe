import type { Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import type { Pads } from '../geometry/index.ts'
import type { SpatialAxis, SpatialNode } from '../onnx/spatial-node.ts'
import { isManageable } from './decide.ts'
import { type Family, familyOf } from './family.ts'
import { follows } from './follows.ts'

/**
 * One axis of a layer, the `Pad` that feeds it worked in: cells of the input are those before the `Pad`, setting, outcome and
 * pads what the node and its `Pad` do together.
 */
export type LayerAxis = SpatialAxis

/** A spatial node as its network sees it: with its `Pad`, and the rules that it follows. */
export interface Layer extends Family {
  readonly spatial: SpatialNode
  readonly axes: readonly LayerAxis[]
}

/** Works the `Pad` into a node. */
export function layerOf(spatial: SpatialNode): Layer {
  const axes = spatial.axes.map((_, axis) => axisOf(spatial, axis))
  return { spatial, axes, ...familyOf(axes.map(({ setting, input }) => follows(setting, input))) }
}

/** Cells of the largest axis that is looked at: sixteen minutes of sound. */
const LARGEST = 2 ** 24

/**
 * A transposed convolution reads what was padded as samples, which no crop takes back: its `Pad` stays apart. So does one
 * that crops where the node pads, since what it takes away is not read.
 */
export function axisOf(spatial: SpatialNode, index: number): LayerAxis {
  const { symbol, setting: written, outcome, pads, output, input: cells } = spatial.axes[index]
  const setting = written && isManageable(written) ? written : undefined
  // A size beyond this is no network's; it counts as one that is not known.
  const input = cells !== undefined && cells <= LARGEST ? cells : undefined
  const own = { input, symbol, setting, outcome: setting && input !== undefined ? outcome : undefined, pads, output }
  const padded = spatial.pad?.pads?.[index]
  if (!setting || !padded || spatial.op === 'convTranspose' || spatial.pad?.padsOthers !== false) return own
  if (reachesCropped(setting, padded)) return own
  const together: Setting = { ...setting, padded }
  if (!isManageable(together)) return { ...own, setting: undefined, outcome: undefined }
  const before = input === undefined ? undefined : input - padded[0] - padded[1]
  const sum: Pads | undefined = pads && [pads[0] + padded[0], pads[1] + padded[1]]
  if (before === undefined || before < 1) {
    return { ...own, input: undefined, setting: together, outcome: undefined, pads: sum }
  }
  const solved = solve(together, before)
  const both: Pads | undefined = isRejected(solved) ? sum : [solved.axis.padBegin, solved.axis.padEnd]
  return { input: before, symbol, setting: together, outcome: solved, pads: both, output }
}

/** Whether a node pads on a side where its `Pad` crops; SAME and rounding up may. */
function reachesCropped({ pads, ceilMode, convention }: Setting, padded: Pads): boolean {
  const isAutomatic = !pads && !convention.endsWith('.valid')
  const [begin, end] = pads ?? [0, 0]
  return (
    (padded[0] < 0 && (begin > 0 || isAutomatic)) || (padded[1] < 0 && (end > 0 || isAutomatic || ceilMode === true))
  )
}

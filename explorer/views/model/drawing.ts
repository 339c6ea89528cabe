import type { Audit, NodeReport, PortedDrift } from 'samepad/models'
import { padsText, shortNames } from '../../../src/words/network.ts'
import { decimal } from '../../../src/words/numbers.ts'
import { foldName, type Line, linesOf, shortened } from './folds.ts'

// A model as a picture: plain data. Its layers from the input down, as wide as what they read on a scale of doublings.

/** A layer's place in the picture, or that of several that are alike. */
export interface Bar {
  readonly y: number
  /** Which layer it is, and how many it stands for. */
  readonly at: number
  readonly count: number
  readonly name: string
  /** What it reads, `128 x 128`. */
  readonly size: string
  readonly pads: string
  readonly length: number
  readonly lean: NodeReport['lean']
  /** Whether something was found about it. */
  readonly found: boolean
  /** How far its grid would move in a port, in cells of the input; undefined where that is not known. */
  readonly apart: number | undefined
}

/** The column of a model's layers. */
export interface ColumnDrawing {
  readonly bars: readonly Bar[]
  readonly width: number
  readonly height: number
  /** Height of a line, and where its bar is in it: on a narrow page names stand above them. */
  readonly step: number
  readonly barAt: number
  /** Where the bars begin, and where the drift does. */
  readonly left: number
  readonly right: number
  /** Units of the longest drift, and its cells; 0 where there is none. */
  readonly room: number
  readonly most: number
  /** The layer with which the drift begins, and the first one at which it is largest; undefined where there is none. */
  readonly growth: readonly [begins: string, largest: string] | undefined
  /** The first layer at which it becomes smaller, on another branch. */
  readonly fall: Fall | undefined
}

/** A layer that reads a larger map than the one before it, and whose grid is less far away. */
export interface Fall {
  readonly name: string
  /** Cells of the input, before and at it. */
  readonly from: number
  readonly to: number
}

/**
 * Where drift becomes smaller from one layer to the next, because that one reads an earlier map.
 *
 * @param nodes layers in order, whose names are `names` and whose drift is `apart`
 */
export function fallOf(
  nodes: readonly NodeReport[],
  names: readonly string[],
  apart: readonly (number | undefined)[],
): Fall | undefined {
  const side = ({ axes }: NodeReport): number => Math.max(0, ...axes.map(({ input }) => input ?? 0))
  const at = nodes.findIndex(
    (node, index) => index > 0 && (apart[index] ?? 0) < (apart[index - 1] ?? 0) && side(node) > side(nodes[index - 1]),
  )
  return at < 0 ? undefined : { name: names[at], from: apart[at - 1] ?? 0, to: apart[at] ?? 0 }
}

/** Why a band becomes narrower. */
export const fallInWords = ({ name, from, to }: Fall): string =>
  `At ${name} it falls from ${decimal(from)} to ${decimal(to)}: that layer is on another branch, which reads an earlier, larger map.`

export const HEAD = 26 // for what the columns are
export const LETTER = 6.6
const LEFT = 78 // for sizes
const NARROW = 560

/** How lines are laid out: on a narrow page names have a line of their own, above the bars. */
export const layoutOf = (width: number): { isNarrow: boolean; step: number; barAt: number } =>
  width < NARROW ? { isNarrow: true, step: 36, barAt: 17 } : { isNarrow: false, step: 18, barAt: 1 }

/** A layer as the column sees it. */
interface Layer {
  readonly node: NodeReport
  readonly name: string
  readonly size: string
  readonly pads: string
  readonly found: boolean
  readonly apart: number | undefined
}

/** Whether a layer tells nothing that the one before it does not tell. */
const isLike = (one: Layer, before: Layer): boolean =>
  one.node.lean === before.node.lean &&
  (['size', 'pads', 'found', 'apart'] as const).every((name) => one[name] === before[name])

/**
 * The layers of a model as bars, and how far each would look elsewhere in a port. Of many layers, those that are alike and
 * follow one another are one bar.
 *
 * @param open which layers begin what is not to be one bar
 */
export function columnOf(
  { nodes, findings }: Audit,
  { nodes: ported }: PortedDrift,
  width: number,
  open: ReadonlySet<number> = new Set(),
): ColumnDrawing {
  const names = shortNames(nodes.map(({ name }) => name))
  const found = new Set(findings.flatMap(({ node }) => node?.index ?? []))
  const apart = ported.map(largest)
  const most = Math.max(0, ...apart.map((cells) => cells ?? 0))
  const { isNarrow, step, barAt } = layoutOf(width)
  const band = most === 0 ? 0 : isNarrow ? 96 : Math.min(280, width * 0.25)
  const lengths = lengthsOf(nodes, (width - LEFT - band) / 2)
  const layers = nodes.map((node, index): Layer => {
    const size = node.axes.map(({ input }) => input ?? '?').join(' x ')
    const pads = node.lean ? padsOf(node) : ''
    return { node, name: names[index], size, pads, found: found.has(node.index), apart: apart[index] }
  })
  const bars = linesOf(layers, isLike, open).map(({ first, last, at, count }: Line<Layer>, index): Bar => {
    const { node, name, ...rest } = first
    const length = lengths[at]
    const room = width - band - (isNarrow ? 0 : LEFT + length + (rest.pads.length + 3) * LETTER)
    const letters = Math.floor((room - 16) / LETTER) - 2
    return {
      ...{ ...rest, y: HEAD + index * step, at, count, length, lean: node.lean },
      name: count > 1 ? foldName(count, name, last.name, letters) : shortened(name, letters),
    }
  })
  const growth = [1e-9, most].map((least) => names[apart.findIndex((cells) => (cells ?? 0) >= least)])
  return {
    ...{ bars, width, most, step, barAt, left: LEFT, right: width - band },
    height: HEAD + bars.length * step,
    room: Math.max(0, band - 12),
    growth: most > 0 ? [growth[0], growth[1]] : undefined,
    fall: fallOf(nodes, names, apart),
  }
}

/** Bars of so many units at most, for what layers read along their longest axis. */
export function lengthsOf(nodes: readonly NodeReport[], room: number): number[] {
  const sizes = nodes.map(({ axes }) => Math.max(1, ...axes.map(({ input }) => input ?? 1)))
  const most = Math.log2(Math.max(2, ...sizes) + 1)
  return sizes.map((size) => Math.max(4, (Math.log2(size + 1) / most) * room))
}

/** The largest drift of any axis; undefined where none is known. */
export function largest(drift: readonly (number | undefined)[]): number | undefined {
  const known = drift.filter((cells) => cells !== undefined)
  return known.length > 0 ? Math.max(...known.map(Math.abs)) : undefined
}

/** `0,1` where all axes are alike. */
export const padsOf = ({ axes }: Pick<NodeReport, 'axes'>): string =>
  padsText(
    axes.map(({ padBegin, padEnd }) =>
      padBegin === undefined || padEnd === undefined ? undefined : [padBegin, padEnd],
    ),
  )

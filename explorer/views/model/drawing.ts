import type { Audit, NodeReport, PortedDrift } from 'samepad/models'
import { padsText, shortNames } from '../../../src/words/network.ts'

// A model as a picture: plain data. Its layers from the input down, as wide as what they read on a scale of doublings.

/** A layer's place in the picture, or that of layers that are told in a word. */
export interface Bar {
  readonly y: number
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
  /** Layers that are not drawn. */
  readonly hidden: number
}

export const MOST = 80 // layers
export const HEAD = 26 // for what the columns are
export const LETTER = 6.6
const LEFT = 78 // for sizes
const NARROW = 560

/** How lines are laid out: on a narrow page names have a line of their own, above the bars. */
export const layoutOf = (width: number): { isNarrow: boolean; step: number; barAt: number } =>
  width < NARROW ? { isNarrow: true, step: 36, barAt: 17 } : { isNarrow: false, step: 18, barAt: 1 }

/** The layers of a model as bars, and how far each would look elsewhere in a port. */
export function columnOf({ nodes, findings }: Audit, { nodes: ported }: PortedDrift, width: number): ColumnDrawing {
  const names = shortNames(nodes.map(({ name }) => name))
  const found = new Set(findings.flatMap(({ node }) => node?.index ?? []))
  const apart = ported.map(largest)
  const most = Math.max(0, ...apart.map((cells) => cells ?? 0))
  const { isNarrow, step, barAt } = layoutOf(width)
  const band = most === 0 ? 0 : isNarrow ? 96 : Math.min(280, width * 0.25)
  const lengths = lengthsOf(nodes, (width - LEFT - band) / 2)
  const rows = nodes.slice(0, MOST).map((node, index): Bar => {
    const pads = node.lean ? padsOf(node) : ''
    const length = lengths[index]
    const room = width - band - (isNarrow ? 0 : LEFT + length + (pads.length + 3) * LETTER)
    const letters = Math.floor((room - 16) / LETTER) - 2
    return {
      ...{ y: HEAD + index * step, pads, length, lean: node.lean },
      name: shortened(names[index], letters),
      size: node.axes.map(({ input }) => input ?? '?').join(' x '),
      found: found.has(node.index),
      apart: apart[index],
    }
  })
  return {
    ...{ bars: rows, width, most, step, barAt, left: LEFT, right: width - band },
    height: HEAD + rows.length * step,
    room: Math.max(0, band - 12),
    hidden: nodes.length - rows.length,
  }
}

/** The end of a name that is too long: exporters put the module in front. */
export const shortened = (name: string, letters: number): string =>
  name.length > Math.max(6, letters) ? `…${name.slice(1 - Math.max(6, letters))}` : name

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

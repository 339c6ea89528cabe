import type { Audit, NodeReport } from 'samepad/models'
import { shortNames } from '../../../src/words/network.ts'

// A model as a picture: plain data.

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
}

const MOST = 80 // layers
const STEP = 18
const LEFT = 78 // for sizes
const LETTERS = 0.5 // of the width is for names

/** The layers of a model as bars, as wide as what they read, on a scale of doublings. */
export function columnOf(
  { nodes, findings }: Audit,
  width: number,
): { bars: Bar[]; height: number; left: number; hidden: number } {
  const shown = nodes.slice(0, MOST)
  const names = shortNames(nodes.map(({ name }) => name))
  const found = new Set(findings.flatMap(({ node }) => node?.index ?? []))
  const sizes = shown.map(({ axes }) => Math.max(1, ...axes.map(({ input }) => input ?? 1)))
  const most = Math.log2(Math.max(2, ...sizes))
  const room = (width - LEFT) * (1 - LETTERS)
  const letters = Math.floor(((width - LEFT) * LETTERS) / 6.6)
  const bars = shown.map((node, index): Bar => {
    const pads = node.lean ? padsOf(node) : ''
    const most1 = Math.max(6, letters - pads.length - 5)
    return {
      y: index * STEP,
      name: names[index].length > most1 ? `…${names[index].slice(1 - most1)}` : names[index],
      size: node.axes.map(({ input, symbol }) => input ?? (symbol ? '?' : '?')).join(' x '),
      pads,
      length: Math.max(4, (Math.log2(sizes[index] + 1) / (most + 0.1)) * room),
      ...{ lean: node.lean, found: found.has(node.index) },
    }
  })
  return { bars, height: shown.length * STEP, left: LEFT, hidden: nodes.length - shown.length }
}

/** `0, 1` where all axes are alike. */
function padsOf({ axes }: NodeReport): string {
  const each = axes.map(({ padBegin, padEnd }) => (padBegin === undefined ? '?' : `${padBegin}, ${padEnd}`))
  return new Set(each).size === 1 ? each[0] : each.join(' and ')
}

import type { Layout } from '../../tensor/tensor.ts'
import type { LoweredGraph } from '../lower/lower.ts'
import { type GraphStep, rootOf, sizeOf } from '../lower/operation.ts'
import { type ArenaPlan, planArena } from './arena.ts'
import { turnSteps } from './turn.ts'

/** A schedule, where its values lie, how the tensors of its windows lie, and why. */
export interface LaidOut {
  readonly graph: LoweredGraph
  readonly arena: ArenaPlan
  readonly layout: Layout
  readonly reason: string
}

/**
 * Channels last, windows take some 2 to 10 % less time, and their programs serve pictures of every width. Copies outweigh that where
 * they are more than this share of what windows read and write, as where many channels are joined.
 */
const MOST_COPIED = 0.25

/** A schedule in the layout that is asked for, or in the one that should be quicker. */
export function laidOut(graph: LoweredGraph, asked: Layout | undefined): LaidOut {
  const inLayout = (layout: Layout, reason: string): LaidOut => {
    const turned = turnSteps(graph, layout)
    return { graph: turned, arena: planArena(turned), layout, reason }
  }
  if (asked) return inLayout(asked, 'as asked')
  const windows = graph.steps.filter(({ operation: { kind } }) => kind === 'window')
  if (windows.length === 0) return inLayout('nchw', 'no step has a window')
  const last = inLayout('nhwc', '')
  const [copied, through] = [copiedBytes(last), windows.reduce((sum, step) => sum + bytesThrough(step), 0)]
  const share = through === 0 ? 0 : Math.round((100 * copied) / through)
  const reason =
    `in nhwc copies are ${share} % of what windows read and write (${sizeText(copied)} of ${sizeText(through)}); ` +
    `nhwc is chosen up to ${100 * MOST_COPIED} %`
  return copied > MOST_COPIED * through ? inLayout('nchw', reason) : { ...last, reason }
}

const FLOAT = 4
const sizeText = (bytes: number): string =>
  bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`

const bytesThrough = ({ inputs, outputs }: GraphStep): number =>
  FLOAT * [...inputs, ...outputs].reduce((sum, { shape }) => sum + sizeOf(shape), 0)

/** Bytes that steps write which only bring elements elsewhere. */
function copiedBytes({ graph, arena: { joined } }: LaidOut): number {
  let elements = 0
  for (const step of graph.steps) {
    const { kind } = step.operation
    if (kind === 'move') elements += sizeOf(step.outputs[0].shape)
    if (kind !== 'concat') continue
    for (const input of step.inputs) if (joined.get(rootOf(input))?.step !== step) elements += sizeOf(input.shape)
  }
  return FLOAT * elements
}

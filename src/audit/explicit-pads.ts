import { transposedOutput } from '../analysis/transposed-outputs.ts'
import { isRejected, solvedPads } from '../conventions/solve.ts'
import type { Pads } from '../geometry/index.ts'
import type { SpatialAxis, SpatialNode } from '../network/spatial-node.ts'
import { isManageable, staticPads } from './decide.ts'

/** The padding of a node as numbers. */
export interface ExplicitPads {
  readonly pads: readonly Pads[]
  /** Transposed: cells added at the end of each axis. */
  readonly outputPadding: readonly number[]
  /** Whether the numbers are right at every size, not only at the one that was looked at. */
  readonly always: boolean
}

/**
 * The numbers that stand for a node's padding.
 *
 * @param isOpen whether the sizes were given for a file that leaves them open
 * @returns why there are none, as a clause
 */
export function explicitPads({ axes }: SpatialNode, isOpen: boolean): ExplicitPads | string {
  const each = axes.map((axis) => alongAxis(axis, isOpen))
  if (each.length === 0) return 'the number of axes is not known'
  const refusal = each.find((one) => typeof one === 'string')
  if (refusal !== undefined) return refusal
  const solved = each as Exclude<(typeof each)[number], string>[]
  return {
    pads: solved.map(({ pads }) => pads),
    outputPadding: solved.map(({ outputPadding }) => outputPadding),
    always: solved.every(({ always }) => always),
  }
}

function alongAxis(
  { setting, outcome, input }: SpatialAxis,
  isOpen: boolean,
): { pads: Pads; outputPadding: number; always: boolean } | string {
  if (!setting || !isManageable(setting)) return 'its kernel or its pads are not known'
  if (outcome && isRejected(outcome)) return outcome.rejected
  if (setting.op === 'convTranspose') {
    if (input === undefined) return sizeless
    const wanted = outcome?.axis
    const output = wanted && transposedOutput(setting, input, wanted.output)
    if (output?.crop[0] !== wanted?.padBegin || !output?.onnx) return 'pads cannot say what it crops'
    return { ...output.onnx, always: !isOpen }
  }
  const anywhere = input === undefined || isOpen ? staticPads(setting) : undefined
  if (anywhere) return { pads: anywhere, outputPadding: 0, always: true }
  if (!outcome) return sizeless
  return { pads: solvedPads(outcome), outputPadding: 0, always: !isOpen }
}

/** Why numbers cannot be said. */
export const sizeless = 'its padding depends on the size, which is not known'

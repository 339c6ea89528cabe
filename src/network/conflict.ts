import type { Rulebook } from '../conventions/rulebook.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, type Outcome, solveBy } from '../conventions/solve-by.ts'
import { effectiveKernel } from '../geometry/index.ts'
import type { Call } from '../operators/call.ts'
import type { Conflict } from '../operators/conflict.ts'
import type { Shape } from '../operators/fact.ts'
import type { WindowRow } from '../operators/operator.ts'
import { labelOf, type Node } from './model.ts'
import type { Described } from './window.ts'

/** A node that cannot work with the sizes that reach it: the model does not run. */
export interface SizeConflict {
  readonly node: Node
  /** The node's name; where it has none, its operator and first output: `Add 'y'`. */
  readonly name: string
  /** Graph, subgraphs and functions that lead to it. */
  readonly path: string
  /** What must hold, as a clause. */
  readonly must: string
  /** What there is instead. */
  readonly got: string
  /** Both as one clause. */
  readonly message: string
  /** The two sizes that do not meet. */
  readonly sizes: readonly [number, number]
  /** Names of the values that have them, where these are inputs of the node. */
  readonly values: readonly [string, string] | undefined
}

/** A value that has another shape than the file declares. */
export interface Misdeclared {
  /** What makes it. */
  readonly node: Node
  readonly path: string
  /** Its name. */
  readonly value: string
  readonly declared: Shape
  readonly shape: Shape
}

/** What a row found, in words. */
export function conflictOf(node: Node, { must, sizes, inputs }: Conflict, path: string): SizeConflict {
  const values = inputs && ([node.inputs[inputs[0]], node.inputs[inputs[1]]] as const)
  const [a, b] = values ? sizes.map((size, at) => `${size} of '${values[at]}'`) : sizes
  const got = `${a} and ${b}`
  return { node, name: labelOf(node), path, must, got, message: `${must}, got ${got}`, sizes, values }
}

/** Refuses a window that fits nowhere into what reaches it, or weights of other channels. */
export function checkWindow(call: Call<Node>, described: Described, { op, weights }: WindowRow, rules: Rulebook): void {
  const { inputShape, weightsShape, groups } = described
  const [channels, wanted] = [inputShape?.[1], op === 'convTranspose' ? weightsShape?.[0] : weightsShape?.[1]]
  if (weights !== undefined && typeof wanted === 'number') {
    const all = op === 'convTranspose' ? wanted : wanted * groups
    call.meet('the weights must have the channels of what is read', channels, all, [0, weights])
  }
  const solve = (setting: Setting, input: number): Outcome => solveBy(rules, setting, input)
  for (const { outcome, input, setting } of described.axes) {
    if (input === undefined || !setting || (outcome && !isRejected(outcome))) continue
    const { outputShape, ...free } = setting
    if (isRefusedAnywhere(solve, free, input)) continue
    // Without the size that is written, it would run.
    if (outputShape !== undefined && !isRejected(solve(free, input)))
      call.refuse('the size of the output that is written must lead back to that of the input', [outputShape, input])
    else call.refuse('a window must fit into what it reads and its padding', [effectiveKernel(setting), input])
  }
}

/** Whether a larger input would be refused as well: then it is not the size that is wrong. */
function isRefusedAnywhere(
  solve: (setting: Setting, input: number) => Outcome,
  setting: Setting,
  input: number,
): boolean {
  const { pads = [0, 0] } = setting
  const ample = input + effectiveKernel(setting) + Math.abs(pads[0]) + Math.abs(pads[1])
  return !Number.isSafeInteger(ample) || isRejected(solve(setting, ample))
}

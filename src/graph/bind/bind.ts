import type { ElementwiseProblem, Operand } from '../../reference/elementwise.ts'
import { Values } from '../../run/memory/memory.ts'
import { planGroups, runGroups } from '../../run/programs/compute-groups.ts'
import { PlannedPart } from '../../run/programs/compute-parts.ts'
import { computedBy } from '../../run/programs/engine.ts'
import { denseSteps } from '../../tensor/dense.ts'
import type { ChainOperation, ConcatOperation, GraphStep, GroupsOperation, MoveOperation } from '../lower/operation.ts'
import { sizeOf } from '../lower/operation.ts'
import { bindDense, bindWindow, type LayerTensors } from './bind-layer.ts'
import { type Binding, type StepTensor, stepsAlong, stepsIn } from './binding.ts'
import { oncePart, repeatedPart } from './run-part.ts'

/** A step as a call: what it reads and fills are tensors whose arrays are asked for at each run. */
export function bindStep(
  step: GraphStep,
  inputs: readonly StepTensor[],
  outputs: readonly StepTensor[],
  binding: Binding,
): () => void {
  const { operation } = step
  switch (operation.kind) {
    case 'window':
      return bindWindow(step, operation, layerTensors(inputs, outputs), binding)
    case 'chain':
      return bindChain(operation, inputs, outputs[0], binding)
    case 'dense':
      return bindDense(step, operation, layerTensors(inputs, outputs), binding)
    case 'concat':
      return bindConcat(step, operation, inputs, outputs[0], binding)
    case 'move':
      return bindMove(operation, inputs[0], outputs[0], binding)
    case 'call':
      return () => operation.run(inputs, outputs, operation.axes ?? [])
    case 'groups':
      return bindGroups(operation, inputs[0], outputs[0], binding)
  }
}

const layerTensors = ([input, residual]: readonly StepTensor[], [output]: readonly StepTensor[]): LayerTensors => ({
  ...{ input, output, residual },
})

function bindChain(
  { links }: ChainOperation,
  inputs: readonly StepTensor[],
  output: StepTensor,
  binding: Binding,
): () => void {
  const numbers: number[] = []
  const read = (one: number | { readonly input: number }): Operand =>
    typeof one === 'number' ? { number: numbers.push(Math.fround(one)) - 1 } : one
  const steps = links.map(({ name, operands }) => ({ name, operands: operands.map(read) }))
  const [to, ...from] = [output, ...inputs].map((tensor) => ({ offset: 0, steps: stepsAlong(tensor, output.shape) }))
  const part = new PlannedPart({ sizes: output.shape, output: to, inputs: from, steps, numbers })
  return bindPart(part, inputs, output, binding)
}

function bindMove(
  { sizes, along, begin }: MoveOperation,
  input: StepTensor,
  output: StepTensor,
  binding: Binding,
): () => void {
  const dense = stepsIn(input)
  const from = {
    offset: begin.reduce((sum, cell, axis) => sum + cell * dense[axis], 0),
    steps: along.map(({ axis, step }) => (axis === undefined ? 0 : step * dense[axis])),
  }
  const to = { offset: 0, steps: output.within ? stepsIn(output) : denseSteps(sizes) }
  const part = new PlannedPart({ sizes, output: to, inputs: [from], steps: [], numbers: [] })
  return bindPart(part, [input], output, binding)
}

function bindPart(
  part: PlannedPart,
  inputs: readonly StepTensor[],
  output: StepTensor,
  { holds }: Binding,
): () => void {
  if (!holds) return oncePart(part, inputs, output)
  holds(() => part.release())
  return repeatedPart(part, inputs, output)
}

function bindGroups(
  { problem, axes }: GroupsOperation,
  input: StepTensor,
  output: StepTensor,
  { holds }: Binding,
): () => void {
  const groups = planGroups(problem(input.shape, axes))
  const release = (): void => groups.placed?.release()
  holds?.(release)
  return () => {
    if (groups.placed?.runInPlace(output.data, [input.data])) computedBy('program')
    else runGroups(groups, [new Values(input.data)], new Values(output.data))
    if (!holds) release()
  }
}

/** Inputs that lie where they belong are left out, and those that are one stretch of the output are copied as such. */
function bindConcat(
  step: GraphStep,
  { axis }: ConcatOperation,
  inputs: readonly StepTensor[],
  output: StepTensor,
  binding: Binding,
): () => void {
  const steps = stepsIn(output)
  const isStretch = !output.within && sizeOf(output.shape.slice(0, axis)) === 1
  let offset = 0
  const copies = inputs.flatMap((tensor, index): (() => void)[] => {
    const [at, from] = [offset, { offset: 0, steps: stepsIn(tensor) }]
    offset += tensor.shape[axis] * steps[axis]
    if (binding.isJoined(step, index)) return []
    if (isStretch && !tensor.within) return [() => output.data.set(tensor.data, at)]
    const problem: ElementwiseProblem = {
      ...{ sizes: tensor.shape, output: { offset: at, steps }, inputs: [from], steps: [], numbers: [] },
    }
    const part = new PlannedPart(problem)
    return [bindPart(part, [tensor], output, binding)]
  })
  return () => {
    for (const copy of copies) copy()
  }
}

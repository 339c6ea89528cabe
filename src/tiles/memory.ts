import { follow } from '../network/followed.ts'
import type { Model } from '../network/model.ts'

/** Bytes of an element by ONNX's number for its type; 4 for those that are not listed. */
const elementBytes: Readonly<Record<number, number>> = {
  2: 1,
  3: 1,
  4: 2,
  5: 2,
  7: 8,
  9: 1,
  10: 2,
  11: 8,
  13: 8,
  16: 2,
}

/**
 * The most bytes of values that are alive at once while a network runs on inputs of some shapes: each from the node that
 * makes it to the last one that reads it. Weights are not counted.
 */
export function memoryOf(model: Model, shapes: Readonly<Record<string, readonly number[]>>): number {
  const { scope } = follow(model, shapes)
  const bytes = (value: string): number => {
    const known = scope.fact(value)
    const count = known?.shape?.reduce<number>((product, size) => product * (typeof size === 'number' ? size : 1), 1)
    return (count ?? 0) * (elementBytes[known?.elementType ?? 1] ?? 4)
  }
  const { nodes, inputs, outputs, initializers } = model.graph
  const constant = new Set(initializers.map(({ name }) => name))
  const last = new Map<string, number>()
  nodes.forEach((node, index) => {
    for (const value of [...node.inputs, ...node.outputs]) last.set(value, index)
  })
  for (const { name } of outputs) last.set(name, nodes.length)
  let live = inputs.reduce((sum, { name }) => sum + (constant.has(name) ? 0 : bytes(name)), 0)
  let most = live
  nodes.forEach((node, index) => {
    for (const value of node.outputs) live += bytes(value)
    most = Math.max(most, live)
    for (const value of new Set([...node.inputs, ...node.outputs])) {
      if (last.get(value) === index && !constant.has(value)) live -= bytes(value)
    }
  })
  return most
}

import type { Edit, Model, Opening } from '../../network/model.ts'
import { addInitializer, insertNode, remove, setInput, setShape } from './edits.ts'
import { freshName } from './pad-edits.ts'

/** The inputs of Resize. */
const [SCALES, SIZES] = [2, 3]

/** The edits that open a model's sizes: everything else stays as it is. */
export function openingEdits(model: Model, { values, stale, resizes, transposes, reshapes }: Opening): readonly Edit[] {
  const { graph } = model
  const held = (name: string, type: 'int64' | 'float', list: readonly number[]): [string, Edit] => {
    const fresh = freshName(model, name)
    return [fresh, addInitializer(graph, { name: fresh, type, values: list })]
  }
  return [
    ...values.map(({ info, shape }) => setShape(graph.outputs.includes(info) ? 'output' : 'input', info, shape)),
    ...stale.map(remove),
    ...resizes.flatMap(({ node, scales }) => {
      const [name, edit] = held(`${node.outputs[0]}_scales`, 'float', scales)
      return [setInput(node, SCALES, name), setInput(node, SIZES, ''), edit]
    }),
    ...transposes.flatMap(({ node, order }) => {
      const { name, inputs, outputs } = node
      const attributes = { perm: order }
      return [
        insertNode(graph, node, { opType: 'Transpose', name, inputs: [inputs[0]], outputs, attributes }),
        remove(node),
      ]
    }),
    ...reshapes.flatMap(({ node, target }) => {
      const [name, edit] = held(`${node.outputs[0]}_shape`, 'int64', target)
      return [setInput(node, 1, name), edit]
    }),
  ]
}

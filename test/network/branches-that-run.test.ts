import { describe, expect, it } from 'vitest'
import { readModel, traceModel } from '../models/onnx/all.ts'
import { floats, graph, node, type Parts } from '../models/onnx/make-model.ts'
import { realModels, realNames } from '../models/onnx/real-models.ts'
import { conflictsOf } from './conflicts-of.ts'

describe('only what surely runs', () => {
  const clash = (name: string) => graph({ nodes: [node('Add', 'a b', name)], outputs: { [name]: undefined } })
  const fine = (name: string) => graph({ nodes: [node('Identity', 'a', name)], outputs: { [name]: undefined } })
  const choice = (condition: number | undefined): Parts => ({
    nodes: [node('If', 'c', 'y', { then_branch: { graph: clash('t') }, else_branch: { graph: fine('e') } })],
    inputs: { a: [8], b: [7], ...(condition === undefined && { c: [1] }) },
    initializers: condition === undefined ? [] : [floats('c', [1], [condition])],
  })

  it('a branch that is taken counts, and one that is not or may not be does not', async () => {
    expect((await conflictsOf(choice(1))).map(({ path }) => path)).toEqual(["main / If 'y'.then_branch"])
    expect(await conflictsOf(choice(0))).toEqual([])
    expect(await conflictsOf(choice(undefined))).toEqual([])
  })

  it.each(realNames)('%s runs', async (name) => {
    const { path, inputs } = realModels[name]
    const read = await readModel(path)
    expect(traceModel(read, { inputs }).conflicts).toEqual([])
    expect(traceModel(read).conflicts).toEqual([])
  })

  it('the detector of texts does not at 225 x 321, where its branches meet', async () => {
    const read = await readModel(realModels.detection.path)
    const found = traceModel(read, { inputs: { x: [1, 3, 225, 321] } }).conflicts
    expect(found[0]).toMatchObject({ name: 'p2o.Add.248', sizes: [15, 16] })
    expect(traceModel(read, { inputs: { x: [1, 3, 224, 320] } }).conflicts).toEqual([])
  })
})

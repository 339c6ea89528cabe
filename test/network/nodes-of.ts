import { expect } from 'vitest'
import { readModel, type SpatialNode, type SpatialOptions, spatialNodes } from '../models/onnx/all.ts'
import { floats, model, type Parts } from '../models/onnx/make-model.ts'

/** The spatial nodes of a model that is made for the purpose. */
export async function nodesOf(parts: Parts, opset = 17, options: SpatialOptions = {}): Promise<SpatialNode[]> {
  return spatialNodes(await readModel(model(parts, opset)), options)
}

/** The one spatial node of a model. */
export async function only(parts: Parts, opset = 17, options: SpatialOptions = {}): Promise<SpatialNode> {
  const nodes = await nodesOf(parts, opset, options)
  expect(nodes).toHaveLength(1)
  return nodes[0]
}

/** Weights of the name that the nodes read. */
export const w = (...dims: number[]) => floats('w', dims)

export const padsOf = ({ axes }: SpatialNode) => axes.map(({ pads }) => pads)

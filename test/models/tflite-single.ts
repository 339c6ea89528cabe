import { expect } from 'vitest'
import { readModel, type SpatialNode, spatialNodes } from '../../src/models.ts'
import { type FileOperator, type FileTensor, tfliteFile } from './tflite-file.ts'

// Files of a single operator, and its windows.

export const [SAME, VALID] = [0, 1]
export const windowsOf = async (file: Uint8Array): Promise<readonly SpatialNode[]> =>
  spatialNodes(await readModel(file))

/** A file of one operator whose first tensor flows in and whose last one flows out. */
export const single = (operator: Omit<FileOperator, 'inputs' | 'outputs'>, ...tensors: FileTensor[]): Uint8Array => {
  const inputs = tensors.slice(0, -1).map((_, index) => index)
  const outputs = [tensors.length - 1]
  return tfliteFile({ tensors, inputs: [0], outputs, operators: [{ ...operator, inputs, outputs }] })
}

export const picture = (...shape: number[]): FileTensor => ({ name: 'x', shape })
export const result: FileTensor = { name: 'y', shape: [] }
export const filter = (...shape: number[]): FileTensor => ({ name: 'w', shape, data: new Uint8Array(0) })

export async function only(file: Uint8Array): Promise<SpatialNode> {
  const found = await windowsOf(file)
  expect(found).toHaveLength(1)
  return found[0]
}

export const padsOf = ({ axes }: SpatialNode): unknown[] => axes.map(({ pads }) => pads)

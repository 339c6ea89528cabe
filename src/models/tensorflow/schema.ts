// Fields by their number (tensorflow/core/protobuf/saved_model.proto and core/framework/*.proto).

export const savedModel = { metaGraphs: 2 } as const
export const metaGraph = { graph: 2 } as const
export const graphDef = { node: 1, library: 2 } as const
export const library = { function: 1 } as const
export const functionDef = { signature: 1, node: 3, ret: 4 } as const
export const opDef = { name: 1, input: 2, output: 3 } as const
export const nodeDef = { name: 1, op: 2, input: 3, attribute: 5 } as const
export const entry = { key: 1, value: 2 } as const
export const attrValue = { list: 1, text: 2, int: 3, bool: 5, shape: 7, tensor: 8, func: 10 } as const
export const listValue = { ints: 3 } as const
export const nameList = { name: 1 } as const
export const dimension = { size: 1 } as const
export const shapeProto = { dim: 2, unknownRank: 3 } as const
export const tensorProto = { dtype: 1, shape: 2, content: 4, ints: 7, longs: 10 } as const
export const [INT32, INT64] = [3, 9]

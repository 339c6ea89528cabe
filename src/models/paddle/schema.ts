// Programs of Paddle 1 and 2 by their field numbers (paddle/fluid/framework/framework.proto).

export const programFields = { blocks: 1 } as const
export const blockFields = { variables: 3, operators: 4 } as const
export const operatorFields = { inputs: 1, outputs: 2, type: 3, attributes: 4 } as const
export const variableFields = { parameter: 1, arguments: 2 } as const
export const attributeFields = { name: 1, integer: 3, text: 5, integers: 6, bool: 10, long: 13, longs: 15 } as const
export const namedFields = { name: 1, type: 2 } as const
export const [denseTensor, tensor, dims] = [3, 1, 2]

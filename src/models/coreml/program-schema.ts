// ML Programs by their field numbers (apple/coremltools mlmodel/format/MIL.proto).

export const entry = { key: 1, value: 2 } as const
export const programFields = { functions: 2 } as const
export const functionFields = { inputs: 1, blocks: 3 } as const
export const blockFields = { outputs: 2, operations: 3 } as const
export const operationFields = { type: 1, inputs: 2, outputs: 3, attributes: 5 } as const
export const argumentFields = { bindings: 1 } as const
export const bindingFields = { name: 1, value: 2 } as const
export const namedFields = { name: 1, type: 2 } as const
export const tensorTypeFields = { tensor: 1, dimensions: 3 } as const
export const valueFields = { immediate: 3 } as const
export const immediateFields = { tensor: 1 } as const
export const tensorFields = { floats: 1, ints: 2, bools: 3, texts: 4, longs: 5 } as const
export const dimensionFields = { constant: 1 } as const
export const constantFields = { size: 1 } as const
/** Values of one kind, as a tensor has them. */
export const listFields = { values: 1 } as const

// Tables of an ExecuTorch program by their slots (pytorch/executorch schema/program.fbs).

export const programSlots = { plans: 1 } as const
export const planSlots = { name: 0, values: 2, inputs: 3, outputs: 4, chains: 5, operators: 6, delegates: 7 } as const
export const valueSlots = { kind: 0, value: 1 } as const
export const tensorSlots = { sizes: 2 } as const
export const chainSlots = { instructions: 2 } as const
export const instructionSlots = { kind: 0, instruction: 1 } as const
export const kernelSlots = { operator: 0, arguments: 1 } as const
export const delegateCallSlots = { delegate: 0, arguments: 1 } as const
export const operatorSlots = { name: 0, overload: 1 } as const
/** A number, a text or a list of numbers. */
export const constantSlots = { value: 0 } as const
export const backendSlots = { id: 0 } as const
/** Kinds of values, and of instructions. */
export const [INT, BOOL, DOUBLE, TENSOR, TEXT, INTS] = [2, 3, 4, 5, 6, 7]
export const [KERNEL, DELEGATE] = [1, 2]

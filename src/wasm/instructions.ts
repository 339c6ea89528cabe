/** The types of values that live on the stack and in locals. */
export type ValueType = 'i32' | 'f32' | 'v128'

/** What follows an opcode: nothing, a number, a place in memory, a lane, both of these, or sixteen bytes. */
export type Immediate = 'none' | 'i32' | 'f32' | 'memory' | 'lane' | 'memory lane' | 'bytes' | 'zeros'

/** One instruction of the table. */
export interface Instruction {
  /** The bytes of the opcode; a prefix byte is followed by a number in LEB128. */
  readonly code: readonly number[]
  /** Types taken from the stack, the topmost last. */
  readonly takes: readonly ValueType[]
  /** Types left on the stack. */
  readonly gives: readonly ValueType[]
  readonly immediate: Immediate
  /** For `memory`: the alignment that the instruction assumes at most, in bytes. */
  readonly width?: number
}

const types: Readonly<Record<string, ValueType>> = { i: 'i32', f: 'f32', v: 'v128' }

/** A row from a short text: `'iv>v'` takes an i32 and then a v128, and gives a v128. */
function row(code: readonly number[], signature: string, immediate: Immediate = 'none', width?: number): Instruction {
  const [takes, gives] = signature.split('>').map((letters) => [...letters].map((letter) => types[letter]))
  return { code, takes, gives, immediate, width }
}

const simd = (code: number): readonly number[] => [0xfd, code]

/**
 * The instructions that can be emitted, by their names in the WebAssembly specification (core, SIMD, bulk memory,
 * relaxed SIMD). Control flow, locals and calls are not here: their types depend on the function.
 */
export const instructions = {
  'i32.const': row([0x41], '>i', 'i32'),
  'i32.eqz': row([0x45], 'i>i'),
  'i32.eq': row([0x46], 'ii>i'),
  'i32.add': row([0x6a], 'ii>i'),
  'i32.sub': row([0x6b], 'ii>i'),
  'i32.mul': row([0x6c], 'ii>i'),
  'i32.and': row([0x71], 'ii>i'),
  'i32.shl': row([0x74], 'ii>i'),
  'i32.shr_u': row([0x76], 'ii>i'),
  'i32.load': row([0x28], 'i>i', 'memory', 4),
  'f32.const': row([0x43], '>f', 'f32'),
  'f32.load': row([0x2a], 'i>f', 'memory', 4),
  'f32.store': row([0x38], 'if>', 'memory', 4),
  'memory.copy': row([0xfc, 10], 'iii>', 'zeros'),
  'v128.load': row(simd(0), 'i>v', 'memory', 16),
  'v128.load32_splat': row(simd(9), 'i>v', 'memory', 4),
  'v128.load64_splat': row(simd(10), 'i>v', 'memory', 8),
  'v128.load64_zero': row(simd(93), 'i>v', 'memory', 8),
  'v128.load32_zero': row(simd(92), 'i>v', 'memory', 4),
  'v128.load32_lane': row(simd(86), 'iv>v', 'memory lane', 4),
  'v128.store': row(simd(11), 'iv>', 'memory', 16),
  'v128.store32_lane': row(simd(90), 'iv>', 'memory lane', 4),
  'v128.store64_lane': row(simd(91), 'iv>', 'memory lane', 8),
  'v128.const': row(simd(12), '>v', 'bytes'),
  'i8x16.shuffle': row(simd(13), 'vv>v', 'bytes'),
  'v128.and': row(simd(78), 'vv>v'),
  'v128.any_true': row(simd(83), 'v>i'),
  'f32.convert_i32_s': row([0xb2], 'i>f'),
  'f32x4.ne': row(simd(66), 'vv>v'),
  'f32x4.splat': row(simd(19), 'f>v'),
  'f32x4.extract_lane': row(simd(31), 'v>f', 'lane'),
  'f32x4.add': row(simd(228), 'vv>v'),
  'f32x4.sub': row(simd(229), 'vv>v'),
  'f32x4.mul': row(simd(230), 'vv>v'),
  'f32x4.div': row(simd(231), 'vv>v'),
  'f32x4.max': row(simd(233), 'vv>v'),
  'f32x4.pmin': row(simd(234), 'vv>v'),
  'f32x4.pmax': row(simd(235), 'vv>v'),
  'f32x4.relaxed_madd': row(simd(0x105), 'vvv>v'),
} as const satisfies Readonly<Record<string, Instruction>>

/** The name of an instruction. */
export type InstructionName = keyof typeof instructions

/** The types of values that live on the stack and in locals. */
export type ValueType = 'i32' | 'f32' | 'v128'

/** What follows an opcode: nothing, a number, a place in memory, a lane, both of these, or sixteen bytes. */
export type Immediate = 'none' | 'i32' | 'memory' | 'lane' | 'memory lane' | 'bytes'

/** One instruction of the table. */
export interface Instruction {
  /** The bytes of the opcode. */
  readonly code: readonly number[]
  /** Types taken from the stack, the topmost last. */
  readonly takes: readonly ValueType[]
  /** Types left on the stack. */
  readonly gives: readonly ValueType[]
  readonly immediate: Immediate
}

const types: Readonly<Record<string, ValueType>> = { i: 'i32', f: 'f32', v: 'v128' }

/** The bytes of an opcode: behind the first one, a prefix, stands a number of at most 14 bits in LEB128. */
const bytesOf = ([first, ...numbers]: readonly number[]): number[] => [
  first,
  ...numbers.flatMap((number) => (number < 0x80 ? [number] : [(number & 0x7f) | 0x80, number >> 7])),
]

/** A row from a short text: `'iv>v'` takes an i32 and then a v128, and gives a v128. */
function row(code: readonly number[], signature: string, immediate: Immediate = 'none'): Instruction {
  const [takes, gives] = signature.split('>').map((letters) => [...letters].map((letter) => types[letter]))
  return { code: bytesOf(code), takes, gives, immediate }
}

const core = (code: number, signature: string, immediate?: Immediate): Instruction => row([code], signature, immediate)
const simd = (code: number, signature: string, immediate?: Immediate): Instruction =>
  row([0xfd, code], signature, immediate)

/**
 * The instructions that can be emitted, by their names in the WebAssembly specification (core, SIMD, relaxed SIMD).
 * Control flow, locals and calls are not here: their types depend on the function.
 */
export const instructions = {
  'i32.const': core(0x41, '>i', 'i32'),
  'i32.eq': core(0x46, 'ii>i'),
  'i32.add': core(0x6a, 'ii>i'),
  'i32.sub': core(0x6b, 'ii>i'),
  'i32.mul': core(0x6c, 'ii>i'),
  'i32.and': core(0x71, 'ii>i'),
  'i32.shr_u': core(0x76, 'ii>i'),
  'memory.copy': row([0xfc, 10, 0, 0], 'iii>'), // within memory 0
  'i32.load': core(0x28, 'i>i', 'memory'),
  'f32.convert_i32_s': core(0xb2, 'i>f'),
  'v128.load': simd(0, 'i>v', 'memory'),
  'v128.load32_splat': simd(9, 'i>v', 'memory'),
  'v128.load64_splat': simd(10, 'i>v', 'memory'),
  'v128.store': simd(11, 'iv>', 'memory'),
  'v128.const': simd(12, '>v', 'bytes'),
  'i8x16.shuffle': simd(13, 'vv>v', 'bytes'),
  'i8x16.swizzle': simd(14, 'vv>v'),
  'i32x4.splat': simd(17, 'i>v'),
  'f32x4.splat': simd(19, 'f>v'),
  'i32x4.extract_lane': simd(27, 'v>i', 'lane'),
  'f32x4.extract_lane': simd(31, 'v>f', 'lane'),
  'f32x4.ne': simd(66, 'vv>v'),
  'f32x4.lt': simd(67, 'vv>v'),
  'f64x2.lt': simd(73, 'vv>v'),
  'v128.and': simd(78, 'vv>v'),
  'v128.or': simd(80, 'vv>v'),
  'v128.xor': simd(81, 'vv>v'),
  'v128.bitselect': simd(82, 'vvv>v'),
  'v128.any_true': simd(83, 'v>i'),
  'v128.load32_lane': simd(86, 'iv>v', 'memory lane'),
  'v128.load64_lane': simd(87, 'iv>v', 'memory lane'),
  'v128.store32_lane': simd(90, 'iv>', 'memory lane'),
  'v128.store64_lane': simd(91, 'iv>', 'memory lane'),
  'v128.load32_zero': simd(92, 'i>v', 'memory'),
  'f32x4.demote_f64x2_zero': simd(94, 'v>v'),
  'f64x2.promote_low_f32x4': simd(95, 'v>v'),
  'i32x4.shl': simd(171, 'vi>v'),
  'i64x2.shl': simd(203, 'vi>v'),
  'f32x4.abs': simd(224, 'v>v'),
  'f32x4.sqrt': simd(227, 'v>v'),
  'f32x4.add': simd(228, 'vv>v'),
  'f32x4.sub': simd(229, 'vv>v'),
  'f32x4.mul': simd(230, 'vv>v'),
  'f32x4.div': simd(231, 'vv>v'),
  'f32x4.max': simd(233, 'vv>v'),
  'f32x4.pmin': simd(234, 'vv>v'),
  'f32x4.pmax': simd(235, 'vv>v'),
  'f64x2.abs': simd(236, 'v>v'),
  'f64x2.sqrt': simd(239, 'v>v'),
  'f64x2.add': simd(240, 'vv>v'),
  'f64x2.sub': simd(241, 'vv>v'),
  'f64x2.mul': simd(242, 'vv>v'),
  'f64x2.div': simd(243, 'vv>v'),
  'f64x2.pmin': simd(246, 'vv>v'),
  'f64x2.pmax': simd(247, 'vv>v'),
  'i8x16.relaxed_swizzle': simd(0x100, 'vv>v'),
  'f32x4.relaxed_madd': simd(0x105, 'vvv>v'),
  'f64x2.relaxed_madd': simd(0x107, 'vvv>v'),
  'i32x4.relaxed_laneselect': simd(0x10b, 'vvv>v'),
} as const satisfies Readonly<Record<string, Instruction>>

/** The name of an instruction. */
export type InstructionName = keyof typeof instructions

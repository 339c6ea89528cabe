/** The types of values that live on the stack and in locals. */
export type ValueType = 'i32' | 'f32' | 'v128'

/** What follows an opcode: nothing, a number, a place in memory, a lane, both of these, or sixteen bytes. */
export type Immediate = 'none' | 'i32' | 'memory' | 'lane' | 'memory lane' | 'bytes'

/** One instruction of the table. */
export interface Instruction {
  /** The bytes of the opcode. */
  readonly code: readonly number[]
  readonly immediate: Immediate
}

/** The bytes of an opcode: behind the first one, a prefix, stands a number of at most 14 bits in LEB128. */
const bytesOf = ([first, ...numbers]: readonly number[]): number[] => [
  first,
  ...numbers.flatMap((number) => (number < 0x80 ? [number] : [(number & 0x7f) | 0x80, number >> 7])),
]

const row = (code: readonly number[], immediate: Immediate = 'none'): Instruction => ({
  code: bytesOf(code),
  immediate,
})
const core = (code: number, immediate?: Immediate): Instruction => row([code], immediate)
const simd = (code: number, immediate?: Immediate): Instruction => row([0xfd, code], immediate)

/**
 * The instructions that can be emitted, by their names in the WebAssembly specification (core, SIMD, relaxed SIMD).
 * Control flow, locals and calls are not here: their types depend on the function.
 */
export const instructions = {
  'i32.const': core(0x41, 'i32'),
  'i32.eq': core(0x46),
  'i32.add': core(0x6a),
  'i32.sub': core(0x6b),
  'i32.mul': core(0x6c),
  'i32.and': core(0x71),
  'i32.shr_u': core(0x76),
  'memory.copy': row([0xfc, 10, 0, 0]), // within memory 0
  'i32.load': core(0x28, 'memory'),
  'f32.convert_i32_s': core(0xb2),
  'v128.load': simd(0, 'memory'),
  'v128.load32_splat': simd(9, 'memory'),
  'v128.load64_splat': simd(10, 'memory'),
  'v128.store': simd(11, 'memory'),
  'v128.const': simd(12, 'bytes'),
  'i8x16.shuffle': simd(13, 'bytes'),
  'i8x16.swizzle': simd(14),
  'i32x4.splat': simd(17),
  'f32x4.splat': simd(19),
  'i32x4.extract_lane': simd(27, 'lane'),
  'f32x4.extract_lane': simd(31, 'lane'),
  'f32x4.ne': simd(66),
  'f32x4.lt': simd(67),
  'f64x2.lt': simd(73),
  'v128.and': simd(78),
  'v128.or': simd(80),
  'v128.xor': simd(81),
  'v128.bitselect': simd(82),
  'v128.any_true': simd(83),
  'v128.load32_lane': simd(86, 'memory lane'),
  'v128.load64_lane': simd(87, 'memory lane'),
  'v128.store32_lane': simd(90, 'memory lane'),
  'v128.store64_lane': simd(91, 'memory lane'),
  'v128.load32_zero': simd(92, 'memory'),
  'f32x4.demote_f64x2_zero': simd(94),
  'f64x2.promote_low_f32x4': simd(95),
  'i32x4.shl': simd(171),
  'i64x2.shl': simd(203),
  'f32x4.abs': simd(224),
  'f32x4.sqrt': simd(227),
  'f32x4.add': simd(228),
  'f32x4.sub': simd(229),
  'f32x4.mul': simd(230),
  'f32x4.div': simd(231),
  'f32x4.max': simd(233),
  'f32x4.pmin': simd(234),
  'f32x4.pmax': simd(235),
  'f64x2.abs': simd(236),
  'f64x2.sqrt': simd(239),
  'f64x2.add': simd(240),
  'f64x2.sub': simd(241),
  'f64x2.mul': simd(242),
  'f64x2.div': simd(243),
  'f64x2.pmin': simd(246),
  'f64x2.pmax': simd(247),
  'i8x16.relaxed_swizzle': simd(0x100),
  'f32x4.relaxed_madd': simd(0x105),
  'f64x2.relaxed_madd': simd(0x107),
  'i32x4.relaxed_laneselect': simd(0x10b),
} as const satisfies Readonly<Record<string, Instruction>>

/** The name of an instruction. */
export type InstructionName = keyof typeof instructions

import { ByteWriter, signed, unsigned } from './bytes.ts'
import { type InstructionName, instructions, type ValueType } from './instructions.ts'

/** A parameter or local variable of a function. */
export interface Local {
  readonly type: ValueType
  readonly index: number
}

/** A loop that can be branched to. */
export interface Label {
  readonly depth: number
}

/** A function of the module that can be called. */
export interface Callee {
  readonly index: number
  readonly takes: readonly ValueType[]
  readonly gives: readonly ValueType[]
}

/** The binary codes of types. */
export const typeCodes: Readonly<Record<ValueType, number>> = { i32: 0x7f, f32: 0x7d, v128: 0x7b }

const EMPTY_BLOCK = 0x40
/** How many numbers follow an opcode. */
const immediateCounts = { none: 0, i32: 1, memory: 1, lane: 1, 'memory lane': 2, bytes: 16 } as const

/** An error in what is emitted: a mistake of the emitter, thrown at the line that makes it. */
export class EmitError extends Error {
  override readonly name = 'EmitError'
}

/** The body of a function while it is written. Whether its types fit is for the engine to say: every program of the tests is compiled. */
export class Code {
  /** What runs first, then the rest. */
  readonly #first: number[] = []
  #bytes: number[] = []
  readonly #locals: ValueType[] = []
  readonly #takes: readonly ValueType[]
  #depth = 0

  constructor(takes: readonly ValueType[]) {
    this.#takes = takes
  }

  /** The parameters, in order. */
  get parameters(): Local[] {
    return this.#takes.map((type, index) => ({ type, index }))
  }

  /** A new local variable, zero at first. */
  local(type: ValueType): Local {
    return { type, index: this.#takes.length + this.#locals.push(type) - 1 }
  }

  /** Emits an instruction of the table with its immediates: a constant; an offset, 0 by default; a lane; an offset and a lane. */
  emit(name: InstructionName, first?: number, second?: number): this {
    const { code, immediate } = instructions[name]
    const bytes = this.#bytes
    for (let index = 0; index < code.length; index++) bytes.push(code[index])
    if (immediate === 'none' && first === undefined) return this
    if (immediate === 'memory' || immediate === 'memory lane') this.#place(name, first ?? 0)
    const given = Number(first !== undefined || immediate === 'memory') + Number(second !== undefined)
    this.#checkCount(name, given)
    if (immediate === 'i32') signed(bytes, first as number)
    else if (immediate === 'lane') bytes.push(first as number)
    else if (second !== undefined) bytes.push(second)
    return this
  }

  /** Emits an instruction with sixteen bytes behind it. */
  emitBytes(name: 'v128.const' | 'i8x16.shuffle', list: ArrayLike<number>): this {
    this.#checkCount(name, list.length)
    const bytes = this.#bytes
    for (const byte of instructions[name].code) bytes.push(byte)
    for (let index = 0; index < list.length; index++) bytes.push(list[index])
    return this
  }

  /** Sets a local to what an instruction makes of others. */
  compute(target: Local, name: InstructionName, ...operands: readonly Local[]): this {
    for (const operand of operands) this.get(operand)
    return this.emit(name).set(target)
  }

  /** Sets a local to what lies in memory, so many bytes behind an address. */
  load(target: Local, at: Local, place = 0, name: InstructionName = 'v128.load'): this {
    return this.get(at).emit(name, place).set(target)
  }

  /** Stores a local, or a lane of it, so many bytes behind an address. */
  store(value: Local, at: Local, place = 0, name: InstructionName = 'v128.store', lane?: number): this {
    return this.get(at).get(value).emit(name, place, lane)
  }

  get({ index }: Local): this {
    return this.#indexed(0x20, index)
  }

  set({ index }: Local): this {
    return this.#indexed(0x21, index)
  }

  tee({ index }: Local): this {
    return this.#indexed(0x22, index)
  }

  call({ index }: Callee): this {
    return this.#indexed(0x10, index)
  }

  /** A loop: branching to its label starts it again. */
  loop(body: (label: Label) => void): this {
    return this.#nest(0x03, body)
  }

  /** Runs the body if the i32 on the stack is not zero. */
  if(body: () => void): this {
    return this.#nest(0x04, body)
  }

  /** Branches if the i32 on the stack is not zero. */
  branchIf({ depth }: Label): this {
    if (depth > this.#depth) throw new EmitError('br_if: the label must belong to a loop around it')
    return this.#indexed(0x0d, this.#depth - depth)
  }

  /** Puts what a body emits to the begin of the function, behind what was put there before. */
  first(body: () => void): this {
    const [bytes, depth] = [this.#bytes, this.#depth]
    this.#bytes = this.#first
    this.#depth = 0
    body()
    this.#bytes = bytes
    this.#depth = depth
    return this
  }

  /** The finished body, with its locals, as the code section wants it. */
  finish(): Uint8Array {
    const body = new ByteWriter()
    body.list(this.#locals, (type) => body.byte(1).byte(typeCodes[type]))
    return body.raw(this.#first).raw(this.#bytes).byte(0x0b).take()
  }

  #nest(code: number, body: (label: Label) => void): this {
    this.#bytes.push(code, EMPTY_BLOCK)
    body({ depth: ++this.#depth })
    this.#bytes.push(0x0b)
    this.#depth--
    return this
  }

  #indexed(code: number, index: number): this {
    this.#bytes.push(code)
    unsigned(this.#bytes, index)
    return this
  }

  #place(name: InstructionName, offset: number): void {
    if (!Number.isInteger(offset) || offset < 0 || offset > 0xffffffff) {
      throw new EmitError(`${name}: the offset must be an integer from 0 to 2^32 - 1, got ${offset}`)
    }
    // Addresses are aligned to a float only; a smaller promise than the natural one costs nothing on today's machines.
    this.#bytes.push(2)
    unsigned(this.#bytes, offset)
  }

  #checkCount(name: InstructionName, given: number): void {
    const count = immediateCounts[instructions[name].immediate]
    if (given !== count) throw new EmitError(`${name}: there must be ${count} immediates, got ${given}`)
  }
}

import { ByteWriter } from './bytes.ts'
import { type Instruction, type InstructionName, instructions, type ValueType } from './instructions.ts'

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
const immediateCounts = { none: 0, i32: 1, memory: 1, lane: 1, 'memory lane': 2, bytes: 16 } as const

/** An error in what is emitted: a mistake of the emitter, thrown at the line that makes it. */
export class EmitError extends Error {
  override readonly name = 'EmitError'
}

/**
 * The body of a function while it is written. The types on the stack are followed as the validator will follow them, so
 * that a wrong operand is found at the line that emits it and not when the module is compiled.
 */
export class Code {
  /** What runs first, then the rest. */
  readonly #first = new ByteWriter()
  #bytes = new ByteWriter()
  readonly #locals: ValueType[] = []
  readonly #takes: readonly ValueType[]
  readonly #gives: readonly ValueType[]
  #stack: ValueType[] = []
  #depth = 0

  constructor(takes: readonly ValueType[], gives: readonly ValueType[]) {
    this.#takes = takes
    this.#gives = gives
  }

  /** The parameters, in order. */
  get parameters(): Local[] {
    return this.#takes.map((type, index) => ({ type, index }))
  }

  /** A new local variable, zero at first. */
  local(type: ValueType): Local {
    this.#locals.push(type)
    return { type, index: this.#takes.length + this.#locals.length - 1 }
  }

  /** Emits an instruction of the table with its immediates: a constant; an offset; a lane; an offset and a lane; bytes. */
  emit(name: InstructionName, ...immediates: readonly number[]): this {
    const instruction: Instruction = instructions[name]
    const { code, takes, gives, immediate } = instruction
    this.#pop(name, takes)
    for (let index = 0; index < code.length; index++) this.#bytes.byte(code[index])
    if (immediate !== 'none' || immediates.length > 0) this.#immediate(name, instruction, immediates)
    if (gives.length > 0) this.#stack.push(gives[0])
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
  store(value: Local, at: Local, place = 0, name: InstructionName = 'v128.store', ...lane: readonly number[]): this {
    return this.get(at)
      .get(value)
      .emit(name, place, ...lane)
  }

  get(local: Local): this {
    this.#bytes.byte(0x20).unsigned(local.index)
    this.#stack.push(local.type)
    return this
  }

  set(local: Local): this {
    this.#pop('local.set', [local.type])
    this.#bytes.byte(0x21).unsigned(local.index)
    return this
  }

  tee(local: Local): this {
    this.#pop('local.tee', [local.type])
    this.#bytes.byte(0x22).unsigned(local.index)
    this.#stack.push(local.type)
    return this
  }

  call({ index, takes, gives }: Callee): this {
    this.#pop('call', takes)
    this.#bytes.byte(0x10).unsigned(index)
    this.#stack.push(...gives)
    return this
  }

  /** A loop: branching to its label starts it again. */
  loop(body: (label: Label) => void): this {
    return this.#nest(0x03, body)
  }

  /** Runs the body if the i32 on the stack is not zero. */
  if(body: () => void): this {
    this.#pop('if', ['i32'])
    return this.#nest(0x04, body)
  }

  /** Branches if the i32 on the stack is not zero. */
  branchIf(label: Label): this {
    this.#pop('br_if', ['i32'])
    if (label.depth > this.#depth) throw new EmitError('br_if: the label must belong to a loop around it')
    this.#bytes.byte(0x0d).unsigned(this.#depth - label.depth)
    return this
  }

  /** Puts what a body emits to the begin of the function, behind what was put there before. */
  first(body: () => void): this {
    const [bytes, stack, depth] = [this.#bytes, this.#stack, this.#depth]
    this.#bytes = this.#first
    this.#stack = []
    this.#depth = 0
    body()
    if (this.#stack.length > 0) throw new EmitError(`first: nothing must be left behind, got ${this.#stack.join(' ')}`)
    this.#bytes = bytes
    this.#stack = stack
    this.#depth = depth
    return this
  }

  /** The finished body, with its locals, as the code section wants it. */
  finish(): Uint8Array {
    this.#pop('end', this.#gives)
    if (this.#stack.length > 0) throw new EmitError(`end: the stack must be empty, got ${this.#stack.join(' ')}`)
    const body = new ByteWriter()
    body.list(this.#locals, (type) => body.byte(1).byte(typeCodes[type]))
    return body.raw(this.#first.take()).raw(this.#bytes.take()).byte(0x0b).take()
  }

  #nest(code: number, body: (label: Label) => void): this {
    const outer = this.#stack
    this.#stack = []
    this.#depth++
    this.#bytes.byte(code).byte(EMPTY_BLOCK)
    body({ depth: this.#depth })
    if (this.#stack.length > 0) throw new EmitError(`a block must leave nothing behind, got ${this.#stack.join(' ')}`)
    this.#bytes.byte(0x0b)
    this.#depth--
    this.#stack = outer
    return this
  }

  #pop(what: string, types: readonly ValueType[]): void {
    const stack = this.#stack
    const from = stack.length - types.length
    for (let index = 0; index < types.length; index++) {
      if (stack[from + index] === types[index]) continue
      const got = stack.slice(Math.max(0, from)).join(' ')
      throw new EmitError(`${what}: the stack must end with ${types.join(' ') || 'nothing'}, got ${got || 'nothing'}`)
    }
    for (let index = 0; index < types.length; index++) stack.pop()
  }

  #immediate(name: string, { immediate }: Instruction, values: readonly number[]): void {
    const count = immediateCounts[immediate]
    const given = immediate === 'memory' && values.length === 0 ? [0] : values
    if (given.length !== count) throw new EmitError(`${name}: there must be ${count} immediates, got ${given.length}`)
    const first = given[0]
    if (immediate === 'i32') this.#bytes.signed(first)
    else if (immediate === 'memory' || immediate === 'memory lane') {
      if (!Number.isInteger(first) || first < 0 || first > 0xffffffff) {
        throw new EmitError(`${name}: the offset must be an integer from 0 to 2^32 - 1, got ${first}`)
      }
      // Addresses are aligned to a float only; a smaller promise than the natural one costs nothing on today's machines.
      this.#bytes.byte(2).unsigned(first)
      if (count > 1) this.#bytes.byte(given[1])
    } else this.#bytes.raw(given)
  }
}

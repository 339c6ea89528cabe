import { describe, expect, it } from 'vitest'
import { ByteWriter, signed } from '../../src/wasm/bytes.ts'
import { Code, EmitError, type Label } from '../../src/wasm/code.ts'
import { createMemory, type Exports, instantiate, probeFeatures } from '../../src/wasm/engine.ts'
import { type Instruction, type InstructionName, instructions, type ValueType } from '../../src/wasm/instructions.ts'
import { Module } from '../../src/wasm/module.ts'
import fc from '../fast-check.ts'
import { signatures } from './signatures.ts'

const memory = createMemory(1)
const load = (module: Module): Exports => instantiate(module.encode(), memory)

/** Immediates that every instruction of a kind accepts. */
const immediates: Readonly<Record<Instruction['immediate'], [first?: number, second?: number]>> = {
  none: [],
  i32: [-5],
  memory: [8],
  lane: [1],
  'memory lane': [8, 1],
  bytes: [],
}

const types: Readonly<Record<string, ValueType>> = { i: 'i32', f: 'f32', v: 'v128' }
const typesOf = (letters: string): ValueType[] => [...letters].map((letter) => types[letter])

describe('every instruction of the table', () => {
  const moduleOf = (name: InstructionName, { immediate }: Instruction, signature: string): Module => {
    const [takes, gives] = signature.split('>').map(typesOf)
    const module = new Module()
    module.function(undefined, takes, gives, (code) => {
      for (const parameter of code.parameters) code.get(parameter)
      if (name === 'v128.const' || name === 'i8x16.shuffle') code.emitBytes(name, [...Array(16).keys()])
      else code.emit(name, ...immediates[immediate])
    })
    return module
  }

  it.each(Object.entries(instructions) as [InstructionName, Instruction][])(
    '%s is valid with the types of the specification, and with no others',
    (name, instruction) => {
      const signature = signatures[name]
      if (name.includes('relaxed') && !probeFeatures().relaxed) {
        expect(() => load(moduleOf(name, instruction, signature))).toThrow()
        return
      }
      load(moduleOf(name, instruction, signature))
      expect(() => load(moduleOf(name, instruction, `${signature}i`))).toThrow()
    },
  )
})

describe('numbers', () => {
  it('LEB128 is what an engine reads', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const module = new Module()
        module.function('f', [], ['i32'], (code) => code.emit('i32.const', value))
        expect(load(module).f()).toBe(value)
      }),
    )
    expect([...new ByteWriter().unsigned(624485).take()]).toEqual([0xe5, 0x8e, 0x26])
    const bytes: number[] = []
    signed(bytes, -123456)
    expect(bytes).toEqual([0xc0, 0xbb, 0x78])
  })
})

describe('control flow', () => {
  it('loops, blocks, conditions and calls', () => {
    const module = new Module()
    const square = module.function(undefined, ['i32'], ['i32'], (code) => {
      const [n] = code.parameters
      code.get(n).get(n).emit('i32.mul')
    })
    module.function('sumOfSquares', ['i32'], ['i32'], (code) => {
      const [n] = code.parameters
      const sum = code.local('i32')
      code.get(n).if(() =>
        code.loop((again) => {
          code.get(sum).get(n).call(square).emit('i32.add').set(sum)
          code.get(n).emit('i32.const', 1).emit('i32.sub').tee(n).branchIf(again)
        }),
      )
      code.get(n).if(() => code.emit('i32.const', -1).set(sum))
      code.get(sum)
    })
    const { sumOfSquares } = load(module)
    expect([sumOfSquares(0), sumOfSquares(3), sumOfSquares(10)]).toEqual([0, 14, 385])
  })
})

describe('a mistake is found', () => {
  const code = (): Code => new Code(['i32', 'v128'])
  it.each<[string, () => unknown, string]>([
    ['a missing immediate', () => code().emit('i32.const'), 'i32.const: there must be 1 immediates, got 0'],
    [
      'a missing lane',
      () => code().emit('v128.store32_lane', 4),
      'v128.store32_lane: there must be 2 immediates, got 1',
    ],
    ['one too many', () => code().emit('i32.add', 4), 'i32.add: there must be 0 immediates, got 1'],
    ['too few bytes', () => code().emitBytes('v128.const', [1, 2]), 'v128.const: there must be 16 immediates, got 2'],
    [
      'a negative offset',
      () => code().emit('v128.load', -4),
      'v128.load: the offset must be an integer from 0 to 2^32 - 1, got -4',
    ],
    [
      'a label of a loop that has ended',
      () => {
        const labels: Label[] = []
        code()
          .loop((label) => void labels.push(label))
          .branchIf(labels[0])
      },
      'br_if: the label must belong to a loop around it',
    ],
  ])('at the line that emits it: %s', (_, write, message) => {
    expect(write).toThrow(EmitError)
    expect(write).toThrow(message)
  })

  it.each<[string, (code: Code) => unknown]>([
    ['an operand of another type', (code) => code.get(code.parameters[0]).get(code.parameters[1]).emit('i32.add')],
    ['a missing operand', (code) => code.emit('f32x4.mul')],
    ['a local of another type', (code) => code.get(code.parameters[0]).set(code.parameters[1])],
    ['values left in a block', (code) => code.loop(() => code.get(code.parameters[0]))],
    ['values left at the end', (code) => code.get(code.parameters[0])],
  ])('when it is compiled: %s', (_, write) => {
    const module = new Module()
    module.function('f', ['i32', 'v128'], [], write)
    expect(() => load(module)).toThrow()
  })
})

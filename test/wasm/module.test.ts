import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ByteWriter } from '../../src/wasm/bytes.ts'
import { Code, EmitError } from '../../src/wasm/code.ts'
import { createMemory, type Exports, instantiate, probeFeatures } from '../../src/wasm/engine.ts'
import { type Instruction, type InstructionName, instructions } from '../../src/wasm/instructions.ts'
import { Module } from '../../src/wasm/module.ts'

const memory = createMemory(1)
const load = (module: Module): Exports => instantiate(module.encode(), memory)

/** Immediates that every instruction of a kind accepts. */
const immediates = {
  none: [],
  i32: [-5],
  memory: [8],
  lane: [1],
  'memory lane': [8, 1],
  bytes: [...Array(16).keys()],
}

describe('every instruction of the table', () => {
  it.each(Object.entries(instructions) as [InstructionName, Instruction][])(
    '%s is valid with the types that the table says',
    (name, { takes, gives, immediate }) => {
      const module = new Module()
      module.function(undefined, takes, gives, (code) => {
        for (const parameter of code.parameters) code.get(parameter)
        code.emit(name, ...immediates[immediate])
      })
      if (name.includes('relaxed') && !probeFeatures().relaxed) expect(() => load(module)).toThrow()
      else expect(() => load(module)).not.toThrow()
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
    expect([...new ByteWriter().signed(-123456).take()]).toEqual([0xc0, 0xbb, 0x78])
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

describe('a mistake is found at the line that emits it', () => {
  const code = (): Code => new Code(['i32', 'v128'], [])
  it.each<[string, () => unknown, string]>([
    [
      'an operand of another type',
      () => {
        const c = code()
        c.get(c.parameters[0]).get(c.parameters[1]).emit('i32.add')
      },
      'i32.add: the stack must end with i32 i32, got i32 v128',
    ],
    ['a missing operand', () => code().emit('f32x4.mul'), 'f32x4.mul: the stack must end with v128 v128, got nothing'],
    [
      'a local of another type',
      () => {
        const c = code()
        c.get(c.parameters[0]).set(c.parameters[1])
      },
      'local.set: the stack must end with v128, got i32',
    ],
    [
      'values left in a block',
      () =>
        code().loop(() => {
          throw new EmitError('inside')
        }),
      'inside',
    ],
    [
      'values left behind',
      () => {
        const c = code()
        c.loop(() => c.get(c.parameters[0]))
      },
      'a block must leave nothing behind, got i32',
    ],
    [
      'values left at the end',
      () => {
        const c = code()
        c.get(c.parameters[0]).finish()
      },
      'end: the stack must be empty, got i32',
    ],
    ['a missing result', () => new Code([], ['f32']).finish(), 'end: the stack must end with f32, got nothing'],
    ['a missing immediate', () => code().emit('i32.const'), 'i32.const: there must be 1 immediates, got 0'],
    [
      'a negative offset',
      () => {
        const c = code()
        c.get(c.parameters[0]).emit('v128.load', -4)
      },
      'v128.load: the offset must be an integer from 0 to 2^32 - 1, got -4',
    ],
  ])('%s', (_, write, message) => {
    expect(write).toThrow(EmitError)
    expect(write).toThrow(message)
  })
})

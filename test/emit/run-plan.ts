import { expect } from 'vitest'
import { type CommonPlan, type PackedFilter, type Region, regions } from '../../src/plan/plan.ts'
import { createMemory, type Exports, instantiate, type WasmMemory } from '../../src/wasm/engine.ts'
import { residualOf } from './epilogues.ts'

const ZONE = 256 // bytes of NaN before and after every region
const ALIGNMENT = 16

let memory: WasmMemory | undefined

/** Programs by their code, so that one is compiled once however often it runs. */
const programs = new WeakMap<Uint8Array, Exports>()

function programOf(bytes: Uint8Array, memory: WasmMemory): Exports {
  const program = programs.get(bytes) ?? instantiate(bytes, memory)
  programs.set(bytes, program)
  return program
}

/** A value that no program makes: a NaN with a payload. */
const RED = 0x7fc0dead

/** A piece of memory that a program is given. */
export interface Piece {
  readonly name: string
  readonly bytes: number
  readonly content: Float32Array | Int32Array
  /** Bytes by which it lies off the alignment of a vector. */
  readonly shift?: number
  /** Bytes from its begin to the address that the program is given. */
  readonly offset?: number
  /** Whether the program may write into it. */
  readonly written?: boolean
  /** The name of the piece that it is, if it is one of the others. */
  readonly same?: string
}

/**
 * Runs emitted code in a memory where everything but the regions of the plan is NaN. A read outside of them makes the
 * result NaN; a write outside of them, or into a region that is only read, is an error.
 *
 * @param shift bytes by which input and output lie off the alignment of a vector, since nobody promises it
 * A residual is `residualOf` its length; where there is one, the program runs in place too and must give the same.
 *
 * @returns the output; NaN where nothing was written
 */
export function runPlan(
  plan: Pick<CommonPlan, 'bytes' | 'tables'>,
  bytes: Uint8Array,
  input: Float32Array,
  { weights, bias }: PackedFilter,
  shift = 4,
): Float32Array {
  const none = new Float32Array(0)
  const residual = residualOf(plan.bytes.residual / 4)
  const content: Readonly<Record<Region, Piece['content']>> = {
    ...{ input, output: none, weights, bias, tables: Int32Array.from(plan.tables), scratch: none, residual },
  }
  const pieces = regions.map(
    (name): Piece => ({
      ...{ name, bytes: plan.bytes[name], content: content[name] },
      shift: name === 'input' || name === 'output' || name === 'residual' ? shift : 0,
      written: name === 'output' || name === 'scratch',
    }),
  )
  const result = runPieces(pieces, bytes)
  if (residual.length > 0) expect(runPieces(inPlace(pieces, residual), bytes)).toEqual(result)
  return result
}

/** The same pieces, but the residual is what the output holds before. */
function inPlace(pieces: readonly Piece[], residual: Float32Array): Piece[] {
  return pieces.map((piece) => {
    if (piece.name === 'output') return { ...piece, content: residual }
    return piece.name === 'residual' ? { ...piece, bytes: 0, content: new Float32Array(0), same: 'output' } : piece
  })
}

/** The same for a program that takes other pieces of memory, in the order of its parameters; one is called output. */
export function runPieces(pieces: readonly Piece[], bytes: Uint8Array): Float32Array {
  let end = ZONE
  const places = pieces.map(({ bytes, shift = 0 }) => {
    const begin = end + shift
    end = Math.ceil((begin + bytes) / ALIGNMENT) * ALIGNMENT + ZONE
    return begin
  })
  memory ??= createMemory(1)
  const missing = Math.ceil((end - memory.buffer.byteLength) / 65536)
  if (missing > 0) memory.grow(missing)
  const words = new Uint32Array(memory.buffer, 0, end / 4)
  words.fill(RED)
  pieces.forEach(({ name, bytes, content }, index) => {
    if (content.length * 4 > bytes) throw new Error(`${name} is longer than the plan says`)
    words.set(new Uint32Array(content.buffer, content.byteOffset, content.length), places[index] / 4)
  })
  const before = words.slice()
  const placeOf = (index: number): number => {
    const { same } = pieces[index]
    return places[same === undefined ? index : pieces.findIndex(({ name }) => name === same)]
  }
  programOf(bytes, memory).run(...pieces.map(({ offset = 0 }, index) => placeOf(index) + offset))

  for (let word = 0; word < words.length; word++) {
    if (words[word] === before[word]) continue
    const piece = pieces.find(({ bytes }, index) => places[index] / 4 <= word && word < (places[index] + bytes) / 4)
    if (piece?.written) continue
    throw new Error(`a stray write ${piece ? `into ${piece.name}` : 'outside of every region'}, at byte ${word * 4}`)
  }
  const output = pieces.findIndex(({ name }) => name === 'output')
  return new Float32Array(memory.buffer.slice(places[output], places[output] + pieces[output].bytes))
}

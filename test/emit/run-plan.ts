import { type CommonPlan, type PackedFilter, type Region, regions } from '../../src/plan/plan.ts'
import { createMemory, type Exports, instantiate, type WasmMemory } from '../../src/wasm/engine.ts'

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

/**
 * Runs emitted code in a memory where everything but the regions of the plan is NaN. A read outside of them makes the
 * result NaN; a write outside of them, or into a region that is only read, is an error.
 *
 * @param shift bytes by which input and output lie off the alignment of a vector, since nobody promises it
 * @returns the output; NaN where nothing was written
 */
export function runPlan(
  plan: Pick<CommonPlan, 'bytes' | 'tables'>,
  bytes: Uint8Array,
  input: Float32Array,
  { weights, bias }: PackedFilter,
  shift = 4,
): Float32Array {
  const content: Readonly<Record<Region, ArrayLike<number>>> = {
    input,
    output: [],
    weights,
    bias,
    tables: plan.tables,
    scratch: [],
  }
  let end = ZONE
  const places = regions.map((region) => {
    const begin = end + (region === 'input' || region === 'output' ? shift : 0)
    end = Math.ceil((begin + plan.bytes[region]) / ALIGNMENT) * ALIGNMENT + ZONE
    return begin
  })
  memory ??= createMemory(1)
  const missing = Math.ceil((end - memory.buffer.byteLength) / 65536)
  if (missing > 0) memory.grow(missing)
  const words = new Uint32Array(memory.buffer, 0, end / 4)
  words.fill(RED)
  regions.forEach((region, index) => {
    if (content[region].length * 4 > plan.bytes[region]) throw new Error(`${region} is longer than the plan says`)
    const view =
      region === 'tables'
        ? new Int32Array(memory?.buffer as ArrayBuffer)
        : new Float32Array(memory?.buffer as ArrayBuffer)
    view.set(content[region], places[index] / 4)
  })
  const before = words.slice()
  programOf(bytes, memory).run(...places)

  const written = regions.map((region, index) => ({
    region,
    begin: places[index] / 4,
    end: (places[index] + plan.bytes[region]) / 4,
  }))
  for (let word = 0; word < words.length; word++) {
    if (words[word] === before[word]) continue
    const place = written.find(({ begin, end }) => begin <= word && word < end)
    if (place?.region === 'output' || place?.region === 'scratch') continue
    throw new Error(`a stray write ${place ? `into ${place.region}` : 'outside of every region'}, at byte ${word * 4}`)
  }
  const at = places[regions.indexOf('output')]
  return new Float32Array(memory.buffer.slice(at, at + plan.bytes.output))
}

import { SamepadError } from '../geometry/index.ts'
import { checkedProduct, type Tensor } from './tensor.ts'

/** A safetensors file, opened: its header was checked against its size, its values are read when asked for. */
export interface Safetensors {
  /** The tensors' names, in the order of the file. */
  readonly names: readonly string[]
  /** The text entries of the header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>
  /**
   * One tensor's values as float32. F32 at an aligned place is a view on the file's bytes, not a copy; F64 is rounded.
   *
   * @throws SamepadError on an unknown name, or a type other than F64, F32, F16 and BF16
   */
  get(name: string): Tensor
}

interface Entry {
  readonly dtype: string
  readonly shape: readonly number[]
  /** First byte and one past the last, from the file's begin. */
  readonly begin: number
  readonly end: number
}

const STAGE = 'readSafetensors'
const PREFIX = 8 // bytes that hold the header's length
const LONGEST_HEADER = 100_000_000 // the format's own limit, which keeps a lying file from asking for memory

/** Bytes of one element of every type of the format. */
const widths: Readonly<Record<string, number>> = {
  ...{ F64: 8, I64: 8, U64: 8, C64: 8, F32: 4, I32: 4, U32: 4 },
  ...{ F16: 2, BF16: 2, I16: 2, U16: 2, F8_E4M3: 1, F8_E5M2: 1, I8: 1, U8: 1, BOOL: 1 },
}

/** How the types that hold real numbers become float32; the bytes are little-endian and start at an aligned place. */
const decoders: Readonly<Record<string, (bytes: ArrayBuffer, begin: number, length: number) => Float32Array>> = {
  F64: (bytes, begin, length) => Float32Array.from(new Float64Array(bytes, begin, length)),
  F32: (bytes, begin, length) => new Float32Array(bytes, begin, length),
  F16: (bytes, begin, length) => Float32Array.from(new Uint16Array(bytes, begin, length), fromHalf),
  // bfloat16 is the upper half of a float32.
  BF16: (bytes, begin, length) => {
    const values = new Uint32Array(length)
    new Uint16Array(bytes, begin, length).forEach((bits, index) => {
      values[index] = bits << 16
    })
    return new Float32Array(values.buffer)
  },
}

/**
 * Opens a safetensors file.
 *
 * @param source a path (in Node), or the file's bytes, which must then stay unchanged
 * @throws SamepadError when the header is not what the format demands: cut short, not JSON, sizes that contradict a
 * shape, ranges that overlap, leave gaps or reach past the end
 */
export function readSafetensors(source: string | URL | Uint8Array | ArrayBuffer): Safetensors {
  const bytes = source instanceof Uint8Array ? source : toBytes(source)
  const { header, start } = parseHeader(bytes)
  const { __metadata__: metadata, ...tensors } = header
  const entries = new Map(
    Object.entries(tensors).map(([name, entry]) => [name, checkEntry(name, entry, start, bytes.length)]),
  )
  checkLayout(entries, start, bytes.length)

  return {
    names: [...entries.keys()],
    metadata: checkMetadata(metadata),
    get(name) {
      const entry = entries.get(name)
      if (!entry) throw new SamepadError(STAGE, `the name must be one of the ${entries.size} tensors in the file`, name)
      const { dtype, shape, begin, end } = entry
      const decode = Object.hasOwn(decoders, dtype) ? decoders[dtype] : undefined
      if (!decode) {
        throw new SamepadError(STAGE, `the type of ${name} must be one of ${Object.keys(decoders).join(', ')}`, dtype)
      }
      const width = widths[dtype]
      const place = bytes.byteOffset + begin
      const aligned = bytes.buffer instanceof ArrayBuffer && place % width === 0
      const length = (end - begin) / width
      const data = aligned
        ? decode(bytes.buffer, place, length)
        : decode(new Uint8Array(bytes.subarray(begin, end)).buffer, 0, length)
      return { data, shape }
    },
  }
}

function toBytes(source: unknown): Uint8Array {
  if (source instanceof ArrayBuffer) return new Uint8Array(source)
  if (typeof source !== 'string' && !(source instanceof URL)) {
    throw new SamepadError(STAGE, 'the source must be a path, a Uint8Array or an ArrayBuffer', source)
  }
  // Asked of the process rather than imported, so that a bundle for the browser stays free of Node's modules.
  const fs = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process?.getBuiltinModule?.(
    'node:fs',
  ) as { readFileSync(path: string | URL): Uint8Array } | undefined
  if (!fs) throw new SamepadError(STAGE, 'a path needs Node; elsewhere give the bytes', source)
  try {
    return fs.readFileSync(source)
  } catch (error) {
    throw new SamepadError(STAGE, `the file must be readable (${(error as Error).message})`, String(source))
  }
}

function parseHeader(bytes: Uint8Array): { header: Record<string, unknown>; start: number } {
  if (bytes.length < PREFIX) {
    throw new SamepadError(STAGE, `the file must begin with the ${PREFIX} bytes of the header's length`, bytes.length)
  }
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  const most = Math.min(LONGEST_HEADER, bytes.length - PREFIX)
  if (length > most) {
    throw new SamepadError(STAGE, `the header must fit into the file and the format, at most ${most} bytes`, length)
  }
  const start = PREFIX + Number(length)
  let header: unknown
  try {
    header = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(PREFIX, start)))
  } catch (error) {
    throw new SamepadError(STAGE, 'the header must be JSON in UTF-8', (error as Error).message)
  }
  if (!isObject(header)) throw new SamepadError(STAGE, 'the header must be a JSON object', header)
  return { header, start }
}

function checkMetadata(metadata: unknown): Record<string, string> {
  if (metadata === undefined) return {}
  if (isObject(metadata) && Object.values(metadata).every((text) => typeof text === 'string')) {
    return metadata as Record<string, string>
  }
  throw new SamepadError(STAGE, '__metadata__ must map names to texts', metadata)
}

/** Checks one entry by itself: its type, its shape, and that its bytes are as many as the shape needs. */
function checkEntry(name: string, entry: unknown, start: number, size: number): Entry {
  if (!isObject(entry)) throw new SamepadError(STAGE, `the entry of ${name} must be an object`, entry)
  const { dtype, shape, data_offsets: offsets } = entry
  if (typeof dtype !== 'string' || !Object.hasOwn(widths, dtype)) {
    throw new SamepadError(STAGE, `the type of ${name} must be one of ${Object.keys(widths).join(', ')}`, dtype)
  }
  if (!Array.isArray(shape)) throw new SamepadError(STAGE, `${name}.shape must be a list of sizes`, shape)
  const needed = byteLength(name, shape, widths[dtype])
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((offset) => Number.isSafeInteger(offset))) {
    throw new SamepadError(STAGE, `${name}.data_offsets must be two integers`, offsets)
  }
  const [begin, end] = offsets
  if (begin < 0 || end < begin || start + end > size) {
    throw new SamepadError(
      STAGE,
      `${name}.data_offsets must lie within the file's ${size - start} bytes of data`,
      offsets,
    )
  }
  if (end - begin !== needed) {
    throw new SamepadError(STAGE, `${name} must have ${needed} bytes for ${dtype} of shape [${shape}]`, end - begin)
  }
  return { dtype, shape, begin: start + begin, end: start + end }
}

/** The bytes of a shape, which in a file may also be empty. */
function byteLength(name: string, shape: readonly unknown[], width: number): number {
  const empty = shape.includes(0)
  const elements = checkedProduct(STAGE, name, empty ? shape.map((size) => size || 1) : shape)
  return empty ? 0 : elements * width
}

/** Checks that the tensors lie end to end, as the format demands, so that no byte is read twice or hidden. */
function checkLayout(entries: ReadonlyMap<string, Entry>, start: number, size: number): void {
  let at = start
  const byPlace = [...entries].sort(([, a], [, b]) => a.begin - b.begin || a.end - b.end)
  for (const [name, { begin, end }] of byPlace) {
    if (begin < at)
      throw new SamepadError(STAGE, `${name} must not overlap the tensor before it`, `byte ${begin - start}`)
    if (begin > at) throw new SamepadError(STAGE, `no bytes must lie unused before ${name}`, `${begin - at} bytes`)
    at = end
  }
  if (at !== size) throw new SamepadError(STAGE, 'no bytes must lie unused after the last tensor', `${size - at} bytes`)
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** IEEE 754 binary16 to a number: sign, 5 bits of exponent, 10 of mantissa. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 0x1f
  const mantissa = bits & 0x3ff
  if (exponent === 0x1f) return mantissa ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent ? sign * (1 + mantissa / 1024) * 2 ** (exponent - 15) : sign * mantissa * 2 ** -24
}

import { clip, SamepadError, show, Verbatim } from '../geometry/error.ts'
import { fromHalf } from './half.ts'
import { parseObject } from './json.ts'
import { checkShape, elementsOf, type Tensor } from './tensor.ts'

/** A safetensors file, opened: its header was checked against its size, its values are read when asked for. */
export interface Safetensors {
  /** The tensors' names, in the order in which their values lie in the file. */
  readonly names: readonly string[]
  /** The text entries of the header's `__metadata__`. */
  readonly metadata: Readonly<Record<string, string>>
  /** Whether the file has a tensor of this name. */
  has(name: string): boolean
  /**
   * One tensor's values as float32. F32 at an aligned place is a view on the file's bytes, not a copy; F64 is rounded.
   *
   * @throws SamepadError on an unknown name, or a type other than F64, F32, F16 and BF16
   */
  get(name: string): Tensor<ArrayBuffer>
}

/** A URL by what is needed of it, so that the types need neither those of Node nor those of the browser. */
export interface UrlLike {
  readonly href: string
}

interface TensorEntry {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  /** First byte and one past the last, from the file's begin. */
  readonly begin: number
  readonly end: number
}

const STAGE = 'readSafetensors'
const PREFIX = 8 // bytes that hold the header's length
const LONGEST_HEADER = 100_000_000 // the format's own limit, which keeps a lying file from asking for memory

/** Bits of one element of every type of the format (`Dtype::bitsize` in huggingface/safetensors `tensor.rs`). */
const bits: Readonly<Record<string, number>> = {
  ...{ F64: 64, I64: 64, U64: 64, C64: 64, F32: 32, I32: 32, U32: 32 },
  ...{ F16: 16, BF16: 16, I16: 16, U16: 16, I8: 8, U8: 8, BOOL: 8 },
  ...{ F8_E4M3: 8, F8_E5M2: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8, F6_E2M3: 6, F6_E3M2: 6, F4: 4 },
}

/** How the types that hold real numbers become float32; the bytes are little-endian and start at an aligned place. */
const decoders: Readonly<
  Record<string, (bytes: ArrayBuffer, begin: number, length: number) => Float32Array<ArrayBuffer>>
> = {
  F64: (bytes, begin, length) => Float32Array.from(new Float64Array(bytes, begin, length)),
  F32: (bytes, begin, length) => new Float32Array(bytes, begin, length),
  F16: (bytes, begin, length) => Float32Array.from(new Uint16Array(bytes, begin, length), fromHalf),
  // bfloat16 is the upper half of a float32.
  BF16: (bytes, begin, length) => {
    const values = new Uint32Array(length)
    new Uint16Array(bytes, begin, length).forEach((half, index) => {
      values[index] = half << 16
    })
    return new Float32Array(values.buffer)
  },
}

/**
 * Opens a safetensors file.
 *
 * @param source a path or a URL (in Node), or the file's bytes, which must then stay unchanged
 * @throws SamepadError when the header is not what the format demands: cut short, not JSON, a name given twice, sizes
 * that contradict a shape, ranges that overlap, leave gaps or reach past the end
 */
export function readSafetensors(source: string | UrlLike | Uint8Array | ArrayBuffer): Safetensors {
  const bytes = source instanceof Uint8Array ? source : toBytes(source)
  const { header, start } = parseHeader(bytes)
  const { __metadata__: metadata = {}, ...tensors } = header
  const inOrder = Object.entries(tensors)
    .map(([name, entry]) => checkEntry(name, entry, start, bytes.length))
    .sort((a, b) => a.begin - b.begin || a.end - b.end)
  checkLayout(inOrder, start, bytes.length)
  const entries = new Map(inOrder.map((entry) => [entry.name, entry]))

  return {
    names: [...entries.keys()],
    metadata: checkMetadata(metadata),
    has: (name) => entries.has(name),
    get(name) {
      const entry = entries.get(name)
      if (!entry) throw new SamepadError(STAGE, `the name must be one of the ${entries.size} tensors in the file`, name)
      return decode(entry, bytes)
    },
  }
}

/** One tensor's values; only now must its type be one that holds real numbers. */
function decode({ name, dtype, shape, begin, end }: TensorEntry, bytes: Uint8Array): Tensor<ArrayBuffer> {
  if (!Object.hasOwn(decoders, dtype)) {
    throw new SamepadError(STAGE, `the type of ${clip(name)} must be one of ${Object.keys(decoders).join(', ')}`, dtype)
  }
  const width = bits[dtype] / 8
  const length = (end - begin) / width
  const place = bytes.byteOffset + begin
  const data =
    bytes.buffer instanceof ArrayBuffer && place % width === 0
      ? decoders[dtype](bytes.buffer, place, length)
      : decoders[dtype](new Uint8Array(bytes.subarray(begin, end)).buffer, 0, length)
  return { data, shape: [...shape] }
}

function toBytes(source: unknown): Uint8Array {
  if (source instanceof ArrayBuffer) return new Uint8Array(source)
  if (typeof source !== 'string' && !isUrl(source)) {
    throw new SamepadError(STAGE, 'the source must be a path, a URL, a Uint8Array or an ArrayBuffer', source)
  }
  // Asked of the process rather than imported, so that a bundle for the browser stays free of Node's modules.
  const fs = (globalThis as { process?: { getBuiltinModule?: (name: string) => unknown } }).process?.getBuiltinModule?.(
    'node:fs',
  ) as { readFileSync(path: string | URL): Uint8Array } | undefined
  const path = typeof source === 'string' ? source : source.href
  if (!fs) throw new SamepadError(STAGE, 'a path needs Node; elsewhere give the bytes', path)
  try {
    return fs.readFileSync(typeof source === 'string' ? source : new URL(path))
  } catch (error) {
    throw new SamepadError(STAGE, `the file must be readable (${clip((error as Error).message)})`, path)
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
  return { header: parseObject(STAGE, 'the header', decodeText(bytes.subarray(PREFIX, start))), start }
}

/** Text from UTF-8. A byte order mark stays in it, where the check of the first character finds it. */
function decodeText(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new SamepadError(STAGE, 'the header must be UTF-8', new Verbatim('other bytes'))
  }
}

function checkMetadata(metadata: unknown): Record<string, string> {
  if (isObject(metadata) && Object.values(metadata).every((text) => typeof text === 'string')) {
    return metadata as Record<string, string>
  }
  throw new SamepadError(STAGE, '__metadata__ must map names to texts', metadata)
}

/** Checks one entry by itself: its type, its shape, and that its bytes are as many as the shape needs. */
function checkEntry(name: string, entry: unknown, start: number, size: number): TensorEntry {
  const what = clip(name)
  if (!isObject(entry)) throw new SamepadError(STAGE, `the entry of ${what} must be an object`, entry)
  const { dtype, shape: sizes, data_offsets: offsets } = entry
  if (typeof dtype !== 'string' || !Object.hasOwn(bits, dtype)) {
    throw new SamepadError(STAGE, `the type of ${what} must be one of ${Object.keys(bits).join(', ')}`, dtype)
  }
  const shape = checkShape(STAGE, what, sizes, 0)
  const needed = (elementsOf(STAGE, what, shape) * bits[dtype]) / 8
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every((offset) => Number.isSafeInteger(offset))) {
    throw new SamepadError(STAGE, `${what}.data_offsets must be two integers`, offsets)
  }
  const [begin, end] = offsets
  if (begin < 0 || end < begin || start + end > size) {
    throw new SamepadError(
      STAGE,
      `${what}.data_offsets must lie within the file's ${size - start} bytes of data`,
      offsets,
    )
  }
  if (end - begin !== needed) {
    throw new SamepadError(STAGE, `${what} must have ${needed} bytes for ${dtype} of shape ${show(shape)}`, end - begin)
  }
  return { name, dtype, shape, begin: start + begin, end: start + end }
}

/** Checks that the tensors lie end to end, as the format demands, so that no byte is read twice or hidden. */
function checkLayout(inOrder: readonly TensorEntry[], start: number, size: number): void {
  let at = start
  for (const { name, begin, end } of inOrder) {
    const what = clip(name)
    if (begin < at) {
      throw new SamepadError(
        STAGE,
        `${what} must not overlap the tensor before it`,
        new Verbatim(`byte ${begin - start}`),
      )
    }
    checkUsed(at, begin, `before ${what}`)
    at = end
  }
  checkUsed(at, size, 'after the last tensor')
}

function checkUsed(at: number, next: number, where: string): void {
  if (next === at) return
  throw new SamepadError(STAGE, `no bytes must lie unused ${where}`, new Verbatim(`${next - at} bytes`))
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isUrl(value: unknown): value is UrlLike {
  return isObject(value) && typeof value.href === 'string'
}

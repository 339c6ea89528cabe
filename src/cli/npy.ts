import { Verbatim } from '../geometry.ts'
import type { Tensor } from '../index.ts'
import { FileError } from './file-error.ts'

// NumPy's format of one array in a file: numpy/lib/format.py.

/** Types of elements that are read, by NumPy's codes without the order of bytes: bytes of one, and how it is read. */
const kinds: Readonly<Record<string, readonly [width: number, read: (view: DataView, at: number) => number]>> = {
  f4: [4, (view, at) => view.getFloat32(at, true)],
  f8: [8, (view, at) => view.getFloat64(at, true)],
  i1: [1, (view, at) => view.getInt8(at)],
  u1: [1, (view, at) => view.getUint8(at)],
  b1: [1, (view, at) => view.getUint8(at)],
  i2: [2, (view, at) => view.getInt16(at, true)],
  u2: [2, (view, at) => view.getUint16(at, true)],
  i4: [4, (view, at) => view.getInt32(at, true)],
  u4: [4, (view, at) => view.getUint32(at, true)],
  i8: [8, (view, at) => Number(view.getBigInt64(at, true))],
  u8: [8, (view, at) => Number(view.getBigUint64(at, true))],
}

const MAGIC = '\x93NUMPY'
/** Magic, version, length of the header. */
const FRONT = 10
/** The header ends at a multiple of so many bytes. */
const ALIGNMENT = 64

/** Reads an array of NumPy as float32. */
export function readNpy(stage: string, name: string, bytes: Uint8Array): Tensor {
  const refuse = (must: string, got: unknown): never => {
    throw new FileError(stage, `${name} must ${must}`, got)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const text = (from: number, to: number): string => String.fromCharCode(...bytes.subarray(from, to))
  if (bytes.length < FRONT + 2 || text(0, MAGIC.length) !== MAGIC)
    refuse('be an array of NumPy', new Verbatim('another file'))
  const isFirst = bytes[6] === 1
  const begin = isFirst ? FRONT : FRONT + 2
  const end = begin + (isFirst ? view.getUint16(8, true) : view.getUint32(8, true))
  if (end > bytes.length || end > 2 ** 16) refuse('have its header', `${bytes.length} bytes`)
  const header = text(begin, end)
  const descr = /'descr':\s*'([<>|=])(\w+)'/.exec(header)
  const sizes = /'shape':\s*\(([\d,\s]*)\)/.exec(header)
  const kind = descr && (descr[1] !== '>' || descr[2].endsWith('1')) ? kinds[descr[2]] : undefined
  if (!kind || !sizes) return refuse(`be of ${Object.keys(kinds).join(', ')}, the lowest byte first`, header.trim())
  if (/'fortran_order':\s*True/.test(header)) refuse('have its last dimension innermost', new Verbatim('fortran_order'))
  const shape = sizes[1].split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]))
  const count = shape.reduce((product, size) => product * size, 1)
  const [width, read] = kind
  if (bytes.length - end !== count * width) {
    refuse(`have ${count * width} bytes behind its header`, bytes.length - end)
  }
  return { shape, data: Float32Array.from({ length: count }, (_, index) => read(view, end + index * width)) }
}

/** A tensor as an array of NumPy. */
export function npyBytes({ data, shape }: Tensor): Uint8Array {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ')
  const said = `{'descr': '<f4', 'fortran_order': False, 'shape': (${sizes}), }`
  const length = Math.ceil((FRONT + said.length + 1) / ALIGNMENT) * ALIGNMENT - FRONT
  const header = `${said.padEnd(length - 1)}\n`
  const front = Uint8Array.from([...MAGIC].map((letter) => letter.charCodeAt(0)))
  const bytes = new Uint8Array(FRONT + length + 4 * data.length)
  bytes.set(front)
  bytes.set([1, 0, length & 255, length >> 8], front.length)
  bytes.set(new TextEncoder().encode(header), FRONT)
  const view = new DataView(bytes.buffer, FRONT + length)
  for (let index = 0; index < data.length; index++) view.setFloat32(4 * index, data[index], true)
  return bytes
}

// Pictures of one size, each a PNG file, put together as an animated PNG: the chunks are copied, so colours stay exact.

const SIGNATURE = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]

interface Chunk {
  readonly type: string
  readonly data: Uint8Array
}

/**
 * One file of several.
 *
 * @param frames PNG files of the same size and kind
 * @param delay milliseconds that each is shown
 */
export function toApng(frames: readonly Uint8Array[], delay: number): Uint8Array<ArrayBuffer> {
  const all = frames.map(chunksOf)
  const header = all[0].find(({ type }) => type === 'IHDR')!
  const size = header.data.subarray(0, 8)
  let sequence = 0
  const control = (): Chunk => ({
    type: 'fcTL',
    data: bytes(number(sequence++), size, number(0), number(0), short(delay), short(1000), new Uint8Array([0, 0])),
  })
  const pictures = all.flatMap((chunks, frame): Chunk[] => {
    const data = chunks.filter(({ type }) => type === 'IDAT')
    const first = control()
    if (frame === 0) return [first, ...data]
    return [first, ...data.map((chunk) => ({ type: 'fdAT', data: bytes(number(sequence++), chunk.data) }))]
  })
  const animation = { type: 'acTL', data: bytes(number(frames.length), number(0)) }
  const end = { type: 'IEND', data: new Uint8Array(0) }
  return bytes(new Uint8Array(SIGNATURE), ...[header, animation, ...pictures, end].map(written))
}

function chunksOf(file: Uint8Array): Chunk[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const chunks: Chunk[] = []
  for (let at = SIGNATURE.length; at + 12 <= file.length; ) {
    const length = view.getUint32(at)
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8))
    chunks.push({ type, data: file.subarray(at + 8, at + 8 + length) })
    at += 12 + length
  }
  return chunks
}

function written({ type, data }: Chunk): Uint8Array {
  const body = bytes(
    Uint8Array.from(type, (letter) => letter.charCodeAt(0)),
    data,
  )
  return bytes(number(data.length), body, number(checksum(body)))
}

/** CRC-32, as PNG has it. */
function checksum(data: Uint8Array): number {
  let rest = 0xffffffff
  for (const byte of data) {
    rest ^= byte
    for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0xedb88320 : rest >>> 1
  }
  return ~rest >>> 0
}

function number(value: number): Uint8Array {
  const data = new Uint8Array(4)
  new DataView(data.buffer).setUint32(0, value)
  return data
}

const short = (value: number): Uint8Array => number(value).subarray(2)

function bytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

/** What files that are no model begin with. */
const beginnings: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['a PNG', [0x89, 0x50, 0x4e, 0x47]],
  ['a JPEG', [0xff, 0xd8, 0xff]],
  ['a GIF', [0x47, 0x49, 0x46, 0x38]],
  ['a PDF', [0x25, 0x50, 0x44, 0x46]],
  ['a WebP', [0x52, 0x49, 0x46, 0x46]],
]

/** What a file is that is surely no model; undefined where it may be one. */
export async function kindOf(file: Blob): Promise<string | undefined> {
  const head = new Uint8Array(await file.slice(0, 8).arrayBuffer())
  return beginnings.find(([, bytes]) => bytes.every((byte, at) => head[at] === byte))?.[0]
}

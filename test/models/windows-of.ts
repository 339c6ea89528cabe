import { readModel, spatialNodes } from '../../src/models.ts'

/** A file in memory. */
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

/**
 * The windows of a file: name, pads of each axis, and cells that come out; or why they are not known.
 * `conv 1,1 0,2 8x8` has 1 cell above and below, and 2 on the right.
 */
export async function windowsOf(text: string | Uint8Array): Promise<string[]> {
  const model = await readModel(typeof text === 'string' ? bytesOf(text) : text)
  return spatialNodes(model).map(({ name, axes, reason }) => {
    const pads = axes.map((axis) => axis.pads?.join() ?? '?').join(' ')
    const cells = axes.map(({ output }) => output ?? '?').join('x')
    return `${name} ${pads} ${cells}${reason === undefined ? '' : ` (${reason})`}`
  })
}

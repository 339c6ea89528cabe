import { prepareConv } from '../../src/index.ts'

// Runs a layer in a page and writes down what came out and what computed it.

const counted = (length: number, modulus: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => ((index * 7) % modulus) - 2)

const layer = prepareConv(
  { data: counted(8 * 3 * 3 * 5, 5), shape: [8, 3, 3, 5] },
  { padding: 'same', strides: [2, 1] },
)
const { data, shape } = layer.run({ data: counted(3 * 9 * 14, 9), shape: [1, 3, 9, 14] })
const { document } = globalThis as unknown as { document: { body: { textContent: string } } }
document.body.textContent = JSON.stringify({ engine: layer.engine, shape, data: [...data] })

import * as samepad from '../../src/index.ts'

// Runs every operation in a process of its own, and writes down what came out and what computed it.

const repeating = (shape: number[], modulus: number): samepad.Tensor => {
  const length = shape.reduce((product, size) => product * size, 1)
  return { data: Float32Array.from({ length }, (_, index) => ((index * 7) % modulus) - 2), shape }
}

const x = repeating([2, 6, 40, 33], 9)
const [w, v] = [repeating([8, 6, 3, 5], 5), repeating([6, 8, 3, 4], 5)]
const moves = { strides: [2, 1], padding: 'same', activation: 'relu' } as const
const pool = { kernel: 3, strides: 1, padding: 'same' } as const
const layers = [
  samepad.prepareConv(w, moves),
  samepad.prepareConvTranspose(v, moves),
  samepad.prepareMaxPool(pool),
  samepad.prepareAveragePool(pool),
]
const prepared = layers.map((layer) => layer.run(x))
const once = [
  samepad.conv(x, w, moves),
  samepad.convTranspose(x, v, moves),
  samepad.maxPool(x, pool),
  samepad.averagePool(x, pool),
]
const engines = [samepad.lastEngine(), ...layers.map(({ engine }) => engine)]

/** What a tensor in program memory gives, or the error. */
function inside(data?: Float32Array): unknown {
  try {
    const tensor = samepad.programTensor(x.shape, data)
    return layers.map((layer) => layer.run(tensor).data.reduce((sum, value) => sum + value, 0))
  } catch (error) {
    return String(error)
  }
}

const tensors = [inside(), inside(x.data)]
const use = samepad.memoryUse().used > 0
samepad.releaseMemory()
for (const layer of layers) layer.release()
const again = layers.map((layer) => [...layer.run(x).data])
const values = [...prepared, ...once].map(({ data }) => [...data])
console.log(JSON.stringify({ engines: [...new Set(engines)], values, again, tensors, use }))

import { expect, it } from 'vitest'
import { spell } from '../../src/conventions/spell/index.ts'
import type { Op, Tensor } from '../../src/index.ts'
import { type Case, casesOf, difference } from './cases.ts'
import { engine } from './engine.ts'

/** TensorFlow.js's answer to a case, on its backend in plain JavaScript. */
function run({ geometry, options, x, weight, bias }: Case): { data: Float32Array; shape: number[] } {
  const tf = engine('@tensorflow/tfjs-core')
  engine('@tensorflow/tfjs-backend-cpu')
  const layer = new Function(`'use strict'; return ${spell(geometry, 'tfjs', options)}`)()
  return tf.tidy(() => {
    const tensors = [x, weight, bias].map(
      (tensor?: Tensor) => tensor && tf.tensor(tensor.data, tensor.shape, 'float32'),
    )
    const y = layer(tf, ...tensors)
    return { data: y.dataSync(), shape: y.shape }
  })
}

it.each<Op>(['conv', 'convTranspose', 'maxPool', 'averagePool'])('TensorFlow.js runs the code of %s', (op) => {
  const failures = casesOf(op, 300, 2).flatMap((one) => {
    try {
      const { data, shape } = run(one)
      const wrong = difference(one.expected, data, shape, op)
      return wrong ? [`${one.name}: ${wrong}`] : []
    } catch (error) {
      return [`${one.name}: ${error}`]
    }
  })
  expect(failures.slice(0, 5)).toEqual([])
})

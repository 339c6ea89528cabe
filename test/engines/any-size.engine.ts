import { describe, expect, it } from 'vitest'
import { anySizeNodes, type Framework, spellAnySize, type Tensor } from '../../src/index.ts'
import { type AnySizeCase, anySizeCases, anySizeSettings } from './any-size-cases.ts'
import { difference, ROUNDING } from './cases.ts'
import { engine } from './engine.ts'
import { onnxModel } from './onnx-model.ts'
import { runPython } from './python.ts'
import { builder, type Operand } from './webnn-builder.ts'

const first = anySizeCases('nchw')
const last = anySizeCases('nhwc')
const runsOf = (cases: readonly AnySizeCase[]): number => cases.reduce((sum, { runs }) => sum + runs.length, 0)

it('forty settings, each on nearly every size from 1 to 50 along each axis', () => {
  expect(new Set(anySizeSettings).size).toBe(40)
  for (const { words, settings, runs } of first) {
    expect(runs.length, words).toBeGreaterThan(40 * settings.length - 10 * (settings.length - 1) * 4)
  }
})

const plain = ({ data, shape }: Tensor) => ({ data: Array.from(data), shape })

function failuresInPython(script: string, framework: Framework, cases: readonly AnySizeCase[]): string[] {
  const input = cases.map(({ words, settings, groups, weight, bias, runs }) => ({
    name: words,
    code: spellAnySize(settings, framework, { groups }),
    ...(weight && { weight: plain(weight) }),
    ...(bias && { bias: plain(bias) }),
    allowed: settings[0].op === 'averagePool' ? ROUNDING : 0,
    runs: runs.map(({ x, expected }) => ({ x: plain(x), expected: plain(expected) })),
  }))
  const answer = runPython(script, input) as { runs: number; failures: string[] }
  expect(answer.runs).toBe(runsOf(cases))
  return answer.failures.slice(0, 12)
}

it('PyTorch runs the modules', () => {
  expect(failuresInPython('torch_modules.py', 'pytorch', first)).toEqual([])
})

// These frameworks cannot be installed from the registries that the tests may use.
describe.each<Framework>(['tensorflow', 'keras', 'jax'])('a stand-in, by its documentation, for %s', (framework) => {
  it('runs the functions', () => {
    expect(failuresInPython('stand_in_any_size.py', framework, framework === 'jax' ? first : last)).toEqual([])
  })
})

function failures(
  cases: readonly AnySizeCase[],
  run: (one: AnySizeCase) => (x: Tensor) => Omit<Tensor, 'data'> & { data: ArrayLike<number> },
): string[] {
  return cases
    .flatMap((one) => {
      const { words, settings, runs } = one
      try {
        const layer = run(one)
        return runs.flatMap(({ x, expected }) => {
          const { data, shape } = layer(x)
          const wrong = difference(expected, data, shape, settings[0].op)
          return wrong ? [`${words} on ${x.shape}: ${wrong}`] : []
        })
      } catch (error) {
        return [`${words}: ${error}`]
      }
    })
    .slice(0, 12)
}

const functionOf = (code: string): ((...given: unknown[]) => unknown) =>
  new Function(`'use strict'; ${code}; return layer`)()

it('TensorFlow.js runs the functions', () => {
  const tf = engine('@tensorflow/tfjs-core')
  engine('@tensorflow/tfjs-backend-cpu')
  const wrong = failures(last, ({ settings, groups, weight, bias }) => {
    const layer = functionOf(spellAnySize(settings, 'tfjs', { groups }))
    return (x) =>
      tf.tidy(() => {
        const tensors = [x, weight, bias].map((tensor) => tensor && tf.tensor(tensor.data, tensor.shape, 'float32'))
        const y = layer(tf, ...tensors) as { dataSync: () => Float32Array; shape: number[] }
        return { data: y.dataSync(), shape: y.shape }
      })
  })
  expect(wrong).toEqual([])
})

it('a stand-in, by its specification, for WebNN runs the functions of one and two axes', () => {
  const wrong = failures(anySizeCases('nchw', 2), ({ settings, groups, weight, bias }) => {
    const layer = functionOf(spellAnySize(settings, 'webnn', { groups }))
    return (x) => layer(builder, x, weight, bias) as Operand
  })
  expect(wrong).toEqual([])
})

it('ONNX Runtime runs the graphs, whose sizes are open', async () => {
  const { InferenceSession, Tensor: OrtTensor } = engine('onnxruntime-node')
  const wrong: string[] = []
  for (const { words, settings, groupCount, weight, bias, runs } of first) {
    const open = ['batch', 2, ...settings.map((_, axis) => `size${axis}`)]
    const shapes = { x: open, ...(weight && { weight: weight.shape }), ...(bias && { bias: bias.shape }) }
    const constant = Object.entries({ weight, bias }).filter(
      (entry): entry is [string, Tensor] => entry[1] !== undefined,
    )
    try {
      const session = await InferenceSession.create(onnxModel(anySizeNodes(settings, { groups: groupCount }), shapes), {
        logSeverityLevel: 3,
        intraOpNumThreads: 1,
      })
      const given = constant.map(([name, { data, shape }]) => [name, new OrtTensor('float32', data, shape)])
      for (const { x, expected } of runs) {
        const feeds = { ...Object.fromEntries(given), x: new OrtTensor('float32', x.data, x.shape) }
        const { y } = await session.run(feeds)
        const told = difference(expected, y.data, y.dims, settings[0].op)
        if (told) wrong.push(`${words} on ${x.shape}: ${told}`)
      }
      await session.release()
    } catch (error) {
      wrong.push(`${words}: ${error}`)
    }
  }
  expect(wrong.slice(0, 12)).toEqual([])
})

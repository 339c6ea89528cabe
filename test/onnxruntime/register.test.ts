import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import * as ort from 'onnxruntime-web'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { loadNetwork } from '../../src/graph.ts'
import { memoryUse, readSafetensors } from '../../src/index.ts'
import { register } from '../../src/onnxruntime.ts'
import { type ModelOf, modelBytes, numbersFrom } from '../graph/onnx-bytes.ts'
import { OtherProvider } from './other-provider.ts'

const { InferenceSession, Tensor } = ort
const other = new OtherProvider().register('other', -5)
const warnings: string[] = []
const providers = ['samepad', 'other']

beforeEach(() => {
  register(ort, { warn: (message) => warnings.push(message) })
})
afterEach(() => {
  warnings.length = 0
  other.sessions.length = 0
  other.refusal = undefined
  other.runRefusal = undefined
})

/** y = 2 x + 1 along any length, its place of the maximum, and whether it is above 0. */
const line: ModelOf = {
  inputs: { x: ['n'] },
  outputs: ['y', 'place', 'above'],
  nodes: [
    ['Mul', ['x', 'two'], ['d']],
    ['Add', ['d', 'one'], ['y']],
    ['ArgMax', ['y'], ['place'], { axis: 0, keepdims: 1 }],
    ['Greater', ['y', 'zero'], ['above']],
  ],
  constants: { two: { shape: [], data: [2] }, one: { shape: [], data: [1] }, zero: { shape: [], data: [0] } },
  types: { place: 7, above: 9 },
}
const x = (...values: number[]) => new Tensor(Float32Array.from(values), [values.length])
const open = (model: Uint8Array | string, options: object = {}) =>
  InferenceSession.create(model as string, { executionProviders: providers, ...options })

describe('a session that names samepad', () => {
  it('runs on it, and gives tensors of onnxruntime in the types of the model', async () => {
    const session = await open(modelBytes(line))
    const { y, place, above } = await session.run({ x: x(3, -4, 5) })
    expect([y, place, above].every((one) => one instanceof Tensor)).toBe(true)
    expect([y.type, place.type, above.type]).toEqual(['float32', 'int64', 'bool'])
    expect([y.dims, place.dims, above.dims]).toEqual([[3], [1], [3]])
    expect([y.data, place.data, above.data]).toEqual([
      Float32Array.of(7, -7, 11),
      BigInt64Array.of(2n),
      Uint8Array.of(1, 0, 1),
    ])
    expect([warnings, other.sessions]).toEqual([[], []])
    await session.release()
  })

  it('says what its inputs and outputs are', async () => {
    const session = await open(modelBytes({ ...line, inputs: { x: ['n'], z: [2, 'm', 'n'] } }))
    const value = (name: string, type: string, shape: (number | string)[]) => ({ name, isTensor: true, type, shape })
    expect([session.inputNames, session.outputNames]).toEqual([
      ['x', 'z'],
      ['y', 'place', 'above'],
    ])
    expect(session.inputMetadata).toEqual([value('x', 'float32', ['n']), value('z', 'float32', [2, 'm', 'n'])])
    expect(session.outputMetadata).toEqual([
      value('y', 'float32', []),
      value('place', 'int64', []),
      value('above', 'bool', []),
    ])
  })

  it('gives the outputs that are asked for, in tensors of the caller where those are given', async () => {
    const session = await open(modelBytes(line))
    expect(Object.keys(await session.run({ x: x(1) }, ['place']))).toEqual(['place'])
    const [y, place] = [new Tensor(new Float32Array(2), [2]), new Tensor(new BigInt64Array(1), [1])]
    const found = await session.run({ x: x(1, 2) }, { y, place, above: null })
    expect([found.y, found.place]).toEqual([y, place])
    expect([found.y === y, y.data, place.data, found.above.data]).toEqual([
      true,
      Float32Array.of(3, 5),
      BigInt64Array.of(1n),
      Uint8Array.of(1, 1),
    ])
    expect(warnings).toEqual([])
  })

  it('takes inputs that no output depends on, and leaves those alone that the model does not have', async () => {
    const session = await open(modelBytes(line))
    const { y } = await session.run({ x: x(1), strange: x(2, 3) })
    expect([y.data, warnings]).toEqual([Float32Array.of(3), []])
  })

  it('does many runs that are asked for at once, of different sizes', async () => {
    const session = await open(modelBytes(line))
    const runs = Array.from({ length: 20 }, (_, index) => session.run({ x: x(...numbersFrom(index, 1 + (index % 5))) }))
    for (const [index, { y }] of (await Promise.all(runs)).entries()) {
      const wanted = numbersFrom(index, 1 + (index % 5)).map((value) => 2 * value + 1)
      expect(y.data).toEqual(wanted)
    }
  })

  it('gives its memory back when it is released, and says so of what comes later', async () => {
    const before = memoryUse().used
    const session = await open(modelBytes(line))
    await session.run({ x: x(...numbersFrom(1, 5000)) })
    expect(memoryUse().used).toBeGreaterThan(before)
    await session.release()
    expect(memoryUse().used).toBe(before)
    await expect(session.run({ x: x(1) })).rejects.toThrow('Session already disposed.')
    await expect(session.release()).rejects.toThrow('Session already disposed.')
  })

  it('may name it as an object, alone, or behind others that are not there', async () => {
    for (const executionProviders of [[{ name: 'samepad' }], ['samepad'], ['samepad', 'webgl', { name: 'other' }]]) {
      const session = await open(modelBytes(line), { executionProviders })
      expect((await session.run({ x: x(1) })).y.data).toEqual(Float32Array.of(3))
    }
    expect([warnings, other.sessions]).toEqual([[], []])
  })

  it('gives what loadNetwork gives of BlazeFace', async () => {
    const data = join(import.meta.dirname, '..', '..', 'examples', 'face', 'data')
    const path = join(data, 'blazeface-front.onnx')
    const { data: image, shape } = readSafetensors(join(data, 'expected.safetensors')).get('input')
    const [session, network] = [await open(path), await loadNetwork(path)]
    const found = await session.run({ 'input:0': new Tensor(image, [...shape]) })
    const wanted = network.run({ 'input:0': { data: image, shape } })
    expect(Object.keys(found)).toEqual(Object.keys(wanted))
    for (const [name, { data, shape }] of Object.entries(wanted)) {
      expect([name, found[name].dims, found[name].data]).toEqual([name, shape, data])
    }
    network.release()
  })
})

describe('a model comes from', () => {
  const bytes = modelBytes(line)
  const one = async (model: Uint8Array | string): Promise<unknown> => {
    const session = await open(model)
    const { y } = await session.run({ x: x(4) })
    return y.data
  }

  it('a path, a file: URL, or a URL that is fetched', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'samepad-ort-'))
    const server = createServer((request, response) => {
      if (request.url !== '/line.onnx') response.statusCode = 404
      response.end(request.url === '/line.onnx' ? bytes : undefined)
    })
    try {
      const path = join(folder, 'line.onnx')
      writeFileSync(path, bytes)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const host = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const data = `data:application/octet-stream;base64,${Buffer.from(bytes).toString('base64')}`
      for (const place of [path, relative('.', path), pathToFileURL(path).href, `${host}/line.onnx`, data]) {
        expect(await one(place)).toEqual(Float32Array.of(9))
      }
      expect(warnings).toEqual([])
      expect(await one(`${host}/none.onnx`)).toEqual(Float32Array.of(1004))
      expect(warnings).toEqual([
        `samepad: ${host}/none.onnx runs on onnxruntime (other): onnxruntime: ${host}/none.onnx must be there, got status 404`,
      ])
    } finally {
      server.close()
      rmSync(folder, { recursive: true })
    }
  })

  it('bytes, or a part of a buffer, shared or not', async () => {
    const buffers = [new ArrayBuffer(bytes.length + 7), new SharedArrayBuffer(bytes.length + 7)]
    for (const buffer of buffers) {
      const part = new Uint8Array(buffer, 5, bytes.length)
      part.set(bytes)
      expect(await one(part)).toEqual(Float32Array.of(9))
      const session = await InferenceSession.create(buffer, 5, bytes.length, { executionProviders: providers })
      expect((await session.run({ x: x(4) })).y.data).toEqual(Float32Array.of(9))
    }
    expect(warnings).toEqual([])
  })

  it('its weights from files beside a path, or from those that are named: bytes, Blobs, paths', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'samepad-ort-'))
    try {
      const weights = new Uint8Array(Float32Array.of(2).buffer)
      const external = { location: 'two.bin' }
      const model = modelBytes({ ...line, constants: { ...line.constants, two: { shape: [], data: [], external } } })
      writeFileSync(join(folder, 'line.onnx'), model)
      writeFileSync(join(folder, 'two.bin'), weights)
      expect(await one(join(folder, 'line.onnx'))).toEqual(Float32Array.of(9))
      for (const data of [weights, weights.buffer, new Blob([weights]), join(folder, 'two.bin')]) {
        const session = await open(model, { externalData: [{ path: './two.bin', data }] })
        expect((await session.run({ x: x(4) })).y.data).toEqual(Float32Array.of(9))
      }
      expect(warnings).toEqual([])
      await open(model)
      expect(warnings[0]).toContain("the constant 'two' must lie in a file of the model's folder")
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('a model that samepad does not run', () => {
  const recurrent = modelBytes({ ...line, nodes: [['LSTM', ['x', 'two', 'one'], ['y']]], outputs: ['y'] })
  const reason = "loadNetwork: every node must be one that samepad runs, got LSTM 'y' is LSTM"

  it('is opened with the other providers that the session names, all its options kept, and one warning says why', async () => {
    const session = await open(recurrent, { logId: 'mine', graphOptimizationLevel: 'basic' })
    expect(warnings).toEqual([`samepad: a model of ${recurrent.length} bytes runs on onnxruntime (other): ${reason}`])
    expect(other.sessions).toHaveLength(1)
    expect(other.sessions[0].model).toBe(recurrent)
    expect(other.sessions[0].options).toEqual({
      ...{ executionProviders: ['other'], logId: 'mine', graphOptimizationLevel: 'basic' },
    })
    expect([session.inputNames, session.outputMetadata[0]]).toEqual([
      ['x'],
      { name: 'y', isTensor: true, type: 'float32', shape: ['n'] },
    ])
    for (const value of [1, 2])
      expect((await session.run({ x: x(value) })).y.data).toEqual(Float32Array.of(1000 + value))
    expect(Object.keys(await session.run({ x: x(1) }, ['y']))).toEqual(['y'])
    expect([other.sessions[0].runs, warnings.length]).toEqual([3, 1])
    await session.release()
    expect(other.sessions[0].isReleased).toBe(true)
  })

  it('ends in the error of those providers where they do not run it either', async () => {
    other.refusal = new Error('no such operator')
    await expect(open(recurrent)).rejects.toThrow('no such operator')
    await expect(open(new Uint8Array(100))).rejects.toThrow('no such operator')
    expect(warnings).toHaveLength(2)
  })

  it.each([
    [
      'types that samepad does not take',
      { types: { y: 11 } },
      {},
      'output y must be of a type that samepad takes, got float64',
    ],
    [
      'outputs on a GPU',
      {},
      { preferredOutputLocation: 'gpu-buffer' },
      'preferredOutputLocation must be cpu, got gpu-buffer',
    ],
    [
      'one output on a GPU',
      {},
      { preferredOutputLocation: { y: 'gpu-buffer', above: 'cpu' } },
      'preferredOutputLocation must be cpu',
    ],
    ['an optimised file', {}, { optimizedModelFilePath: 'a.onnx' }, 'no optimised model must be written, got a.onnx'],
    ['a captured graph', {}, { enableGraphCapture: true }, 'no graph must be captured'],
  ])('is one with %s', async (_, model, options, why) => {
    await open(modelBytes({ ...line, ...model } as ModelOf), options)
    expect(other.sessions).toHaveLength(1)
    expect(warnings[0]).toContain(why)
  })

  it('is none with outputs on the CPU', async () => {
    await open(modelBytes(line), { preferredOutputLocation: 'cpu', enableGraphCapture: false })
    expect([other.sessions, warnings]).toEqual([[], []])
  })
})

describe('a run that samepad refuses', () => {
  it('is done by the other provider, and so are later ones; one warning says why', async () => {
    const before = memoryUse().used
    const session = await open(modelBytes(line))
    expect((await session.run({ x: x(1) })).y.data).toEqual(Float32Array.of(3))
    const empty = new Tensor(new Float32Array(0), [0])
    const runs = await Promise.all([session.run({ x: empty }, ['y']), session.run({ x: empty }, ['y'])])
    expect(runs.map(({ y }) => y.dims)).toEqual([[0], [0]])
    expect(warnings).toHaveLength(1)
    expect(warnings[0]).toMatch(/^samepad: a model of \d+ bytes runs on onnxruntime \(other\): run: /)
    expect((await session.run({ x: x(1) }, ['y'])).y.data).toEqual(Float32Array.of(1001))
    expect([other.sessions.length, other.sessions[0].runs, warnings.length]).toEqual([1, 3, 1])
    expect(memoryUse().used).toBe(before)
    await session.release()
    expect(other.sessions[0].isReleased).toBe(true)
  })

  it('ends in the error of the other provider where it is refused there too, and the session stays on samepad', async () => {
    const session = await open(modelBytes(line))
    const wrong = new Tensor('int32', Int32Array.of(1), [1])
    await session.run({ x: x(1) })
    for (const _ of [1, 2]) {
      other.runRefusal = new Error('Unexpected input data type')
      await expect(session.run({ x: wrong })).rejects.toThrow('Unexpected input data type')
      other.runRefusal = undefined
      expect((await session.run({ x: x(1) })).y.data).toEqual(Float32Array.of(3))
    }
    expect([warnings, other.sessions.length]).toEqual([[], 1])
  })

  it('ends in the error of samepad where no other session can be opened', async () => {
    const session = await open(modelBytes(line), { executionProviders: ['samepad'] })
    const [wrong, long] = [new Tensor('int32', Int32Array.of(1), [1]), new Tensor(new Float32Array(3), [3])]
    await expect(session.run({ x: wrong })).rejects.toThrow('run: input x must be of type float32, got int32')
    await expect(session.run({ x: x(1) }, { y: long })).rejects.toThrow('run: output y must have shape [1], got [3]')
    const places = new Tensor(new BigInt64Array(2), [2])
    await expect(session.run({ x: x(1) }, { place: places })).rejects.toThrow(
      'run: output place must have shape [1], got [2]',
    )
    await expect(session.run({ x: x(1) }, { place: long })).rejects.toThrow(
      'run: output place must be of type int64, got float32',
    )
    expect((await session.run({ x: x(1) })).y.data).toEqual(Float32Array.of(3))
  })
})

describe('a session that does not name samepad', () => {
  it('is as it was', async () => {
    const session = await open(modelBytes(line), { executionProviders: ['other'] })
    expect((await session.run({ x: x(1) })).y.data).toEqual(Float32Array.of(1001))
    expect(other.sessions).toHaveLength(1)
    expect(warnings).toEqual([])
  })

  it('and does not come to it where it names none', async () => {
    await expect(InferenceSession.create(modelBytes(line))).rejects.toThrow('no available backend found')
  })
})

describe('register', () => {
  it('refuses what is no onnxruntime, and options that are none', () => {
    for (const none of [undefined, null, 7, {}, { registerBackend() {} }]) {
      expect(() => register(none as never)).toThrow(
        'register: there must be registerBackend, InferenceSession and Tensor, as in onnxruntime, got ',
      )
    }
    expect(() => register(ort, { bydefault: true } as never)).toThrow('register: the option is called byDefault')
    expect(() => register(ort, { byDefault: 1 } as never)).toThrow('register: byDefault must be true or false, got 1')
    expect(() => register(ort, { threads: 0 })).toThrow('register: threads must be an integer of at least 1, got 0')
    expect(() => register(ort, { warn: 'no' } as never)).toThrow("register: warn must be a function, got 'no'")
  })

  it('changes the options when it is called again', async () => {
    const heard: string[] = []
    register(ort, { warn: (message) => heard.push(message) })
    await open(new Uint8Array(10))
    expect([heard.length, warnings.length]).toEqual([1, 0])
  })

  it('needs nothing of the module but what its types say', () => {
    const text = readFileSync(join(import.meta.dirname, '../../src/onnxruntime/runtime.ts'), 'utf8')
    expect(text).not.toMatch(/^import/m)
  })
})

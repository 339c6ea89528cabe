import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import ts from 'typescript'
import { build as bundle } from 'vite'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** What an application gets of the built package for a line of imports: bundled, minified, gzipped. */
async function gzipBytes(contents: string): Promise<number> {
  return gzipSync(await bundled(contents), { level: 9 }).length
}

async function bundled(contents: string): Promise<Uint8Array> {
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: root },
    ...{ bundle: true, minify: true, format: 'esm', platform: 'browser', write: false },
  })
  return outputFiles[0].contents
}

it('resolve alone costs an application at most 4 kB', async () => {
  const bytes = await gzipBytes("export { resolve } from 'samepad/geometry'")
  expect(bytes).toBeLessThanOrEqual(4096)
  expect(bytes).toBeGreaterThan(500) // an empty bundle would be small too
  expect(await gzipBytes("export { resolve } from 'samepad'")).toBeLessThanOrEqual(4096)
})

it('reading, following and editing ONNX models costs an application at most 30.2 kB beside the conventions', async () => {
  const arithmetic = 'conventionOf, findConvention, resolve, solve'
  const edits = 'addInitializer, applyEdits, editedChunks, insertNode, remove, removeAttribute, setAttribute, setInput'
  const alone = await gzipBytes(`export { ${arithmetic} } from 'samepad/geometry'`)
  const models = await gzipBytes(`export { onnx, openSource, spatialNodes, ${edits} } from 'samepad/models'`)
  expect(models).toBeLessThanOrEqual(alone + 30.2 * 1024)
})

it('reading one format alone ships no other: TFLite costs an application at most 10.4 kB', async () => {
  const bytes = await gzipBytes("export { openSource, tflite } from 'samepad/models'")
  expect(bytes).toBeLessThanOrEqual(10.4 * 1024)
})

it('auditing models of one format costs an application at most 46.6 kB beside the arithmetic', async () => {
  const alone = await gzipBytes("export * from 'samepad/geometry'")
  const both = "export * from 'samepad/geometry'; export { auditModel, openSource, tflite } from 'samepad/models'"
  expect(await gzipBytes(both)).toBeLessThanOrEqual(alone + 46.6 * 1024)
})

it('all that is said of models costs an application at most 90.5 kB beside the arithmetic, and no module of Node', async () => {
  const alone = await gzipBytes("export * from 'samepad/geometry'")
  const models = await gzipBytes("export * from 'samepad/models'")
  expect(models).toBeGreaterThan(alone)
  expect(models).toBeLessThanOrEqual(alone + 90.5 * 1024)
})

it('running whole models costs an application at most 119.1 kB', async () => {
  expect(await gzipBytes("export { loadNetwork } from 'samepad/graph'")).toBeLessThanOrEqual(119_100)
})

it('whole models ship the rules of ONNX and of no other framework', async () => {
  const text = `${Buffer.from(await bundled("export { loadNetwork } from 'samepad/graph'"))}`
  expect(text).toContain('onnx.same-upper')
  expect(text).not.toContain('tensorflow.same')
  expect(text).not.toContain('onnxruntime.same-upper')
  expect(text).toContain('larger half')
  expect(text).not.toContain('keras on torch')
  expect(text).not.toContain('even kernel')
})

it('what Node loads is in few files, and gives what the modules give that bundlers take', async () => {
  const entries = Object.values<{ node?: string; default?: string }>(manifest.exports).filter(({ node }) => node)
  expect(entries).toHaveLength(7)
  for (const { node = '', default: modules = '' } of entries) {
    const namesOf = async (path: string): Promise<string[]> =>
      Object.keys(await import(/* @vite-ignore */ pathToFileURL(join(root, path)).href)).sort()
    expect(await namesOf(node)).toEqual(await namesOf(modules))
  }
  const files = readdirSync(join(root, 'dist', 'node'))
  expect(files.length).toBeLessThan(40)
  expect(files).toContain(manifest.bin.samepad.split('/').at(-1))
})

it('samepad as an execution provider costs at most 3 kB beside that', async () => {
  const graph = await gzipBytes("export { loadNetwork } from 'samepad/graph'")
  const both = "export { register } from 'samepad/onnxruntime'; export { loadNetwork } from 'samepad/graph'"
  expect(await gzipBytes(both)).toBeLessThanOrEqual(graph + 3 * 1024)
})

it('kernels for TensorFlow.js cost an application at most 75.7 kB, and 40.3 kB beside the convolution', async () => {
  const kernels = "export * from 'samepad/tfjs'"
  const bytes = await gzipBytes(kernels)
  expect(bytes).toBeLessThanOrEqual(75_700)
  const alone = await gzipBytes("export { conv } from 'samepad'")
  expect(await gzipBytes(`${kernels}; export { conv } from 'samepad'`)).toBeLessThanOrEqual(alone + 40_300)
})

it('an import for its side effects is dropped: there are none', async () => {
  expect(
    await gzipBytes(
      "import 'samepad'; import 'samepad/geometry'; import 'samepad/models'; import 'samepad/tiles'; import 'samepad/tfjs'",
    ),
  ).toBeLessThan(40)
})

it('the whole library bundles for a browser without a module of Node', async () => {
  expect(await gzipBytes("export * from 'samepad'")).toBeGreaterThan(10_000)
})

describe('every operation that slides a window, with all that makes programs', () => {
  const prepared = 'prepareAveragePool, prepareConv, prepareConvTranspose, prepareMaxPool'
  const memory = 'lastEngine, memoryUse, programTensor, releaseMemory'
  const operations = `averagePool, conv, convTranspose, maxPool, ${prepared}, ${memory}`

  it('costs an application at most 42.5 kB that esbuild bundles', async () => {
    expect(await gzipBytes(`export { ${operations} } from 'samepad'`)).toBeLessThanOrEqual(42_500)
  })

  it('and at most 39.4 kB where Vite does, whose minifier is the better one', async () => {
    const input = join(root, 'build', 'application.js')
    mkdirSync(join(root, 'build'), { recursive: true })
    writeFileSync(input, `export { ${operations} } from 'samepad'`)
    const built = await bundle({
      ...{ root, configFile: false, logLevel: 'silent' },
      build: { write: false, rolldownOptions: { input, preserveEntrySignatures: 'strict' } },
    })
    const [{ code }] = (built as { output: { code: string }[] }).output
    expect(code).toContain('f32x4.relaxed_madd')
    expect(gzipSync(code, { level: 9 }).length).toBeLessThanOrEqual(39.4 * 1024)
  })
})

describe('operations that slide no window', () => {
  const convolution = "export { conv, prepareConv } from 'samepad'"
  const elements =
    'activate, add, concat, depthToSpace, divide, elementwise, groupNorm, instanceNorm, layerNorm, maximum, minimum, multiply, pad, reduce, resize, scale, slice, softmax, spaceToDepth, subtract, transpose'

  it('convolution alone costs an application at most 39.1 kB, without pools and transposed references', async () => {
    expect(await gzipBytes(convolution)).toBeLessThanOrEqual(39_100)
  })

  it('are not shipped with convolutions, nor convolutions with them', async () => {
    const [conv, alone] = await Promise.all(
      [convolution, `export { ${elements} } from 'samepad'`].map(async (line) => `${Buffer.from(await bundled(line))}`),
    )
    expect(conv).not.toContain('geluTanh')
    expect(conv).toContain('winograd')
    expect(alone).toContain('geluTanh')
    expect(alone).not.toContain('winograd')
  })

  it('cost an application at most 27.2 kB that has nothing else of the library', async () => {
    expect(await gzipBytes(`export { ${elements} } from 'samepad'`)).toBeLessThanOrEqual(27.2 * 1024)
  })

  it('and with those that do at most 62.9 kB', async () => {
    const windows =
      'averagePool, conv, convTranspose, matmul, maxPool, prepareConv, prepareConvTranspose, prepareMatmul, prepareMaxPool'
    expect(await gzipBytes(`export { ${elements}, ${windows} } from 'samepad'`)).toBeLessThanOrEqual(62_900)
  })
})

/** The compiler of this project, and the oldest one that knows on what typed arrays lie. */
const compilers: readonly (typeof ts)[] = [ts, createRequire(import.meta.url)('@tsd/typescript')]
const versions = compilers.map(({ version }) => version)

/** What each compiler says of a program that uses the built package, with its declarations checked too. */
const complaints = (source: string, libraries: readonly string[] = []): string[] =>
  compilers.flatMap((compiler) => complaintsOf(compiler, source, libraries))

function complaintsOf(ts: (typeof compilers)[number], source: string, libraries: readonly string[] = []): string[] {
  const name = join(root, 'test', 'consumer.ts')
  const options: ts.CompilerOptions = {
    ...{ strict: true, noEmit: true, exactOptionalPropertyTypes: true, skipLibCheck: false },
    ...{ target: ts.ScriptTarget.ES2022, lib: ['lib.es2023.d.ts', ...libraries], types: [] },
    ...{ module: ts.ModuleKind.NodeNext, moduleResolution: ts.ModuleResolutionKind.NodeNext },
  }
  const host = ts.createCompilerHost(options)
  const { readFile, fileExists } = host
  host.readFile = (file) => (file === name ? source : readFile.call(host, file))
  host.fileExists = (file) => file === name || fileExists.call(host, file)
  const getSourceFile = host.getSourceFile
  host.getSourceFile = (file, version) =>
    file === name ? ts.createSourceFile(file, source, version) : getSourceFile.call(host, file, version)
  const program = ts.createProgram([name], options, host)
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '))
}

it('its types need neither those of Node nor those of a browser', () => {
  expect(
    complaints(
      "export * from 'samepad'; export { resolve } from 'samepad/geometry'; export * as onnx from 'samepad/models'; export * as ort from 'samepad/onnxruntime'; export * as tfjs from 'samepad/tfjs'",
    ),
  ).toEqual([])
})

it('every option may be undefined, and padsTo knows which orders are flat', () => {
  const source = `
    import { conv, convTranspose, averagePool, maxPool, pad, padsTo, prepareConv, readSafetensors, resolve, type Pads } from 'samepad'
    const u = undefined
    const window = { strides: u, dilations: u, padding: u }
    const x = { data: new Float32Array(1), shape: [1, 1, 1] }
    resolve({ ...window, input: 1, kernel: 1, op: u, outputPadding: u, outputShape: u, ceilMode: u })
    conv(x, x, { ...window, layout: u, groups: u, bias: u, activation: u, paddingMode: u })
    prepareConv(x, { deterministic: u }).run(x, u)
    convTranspose(x, x, { ...window, layout: u, groups: u, bias: u, outputPadding: u, outputShape: u })
    maxPool(x, { ...window, kernel: 1, ceilMode: u, layout: u, emptyWindow: u })
    averagePool(x, { ...window, kernel: 1, ceilMode: u, layout: u, emptyWindow: u, countIncludePad: u })
    pad(x, 1, { mode: u, value: u, layout: u })
    export const flat: readonly number[] = padsTo('onnx', [[1, 1]])
    export const pairs: readonly Pads[] = padsTo('jax', [[1, 1]])
    export const file = readSafetensors({ href: 'file:///weights.safetensors' })
  `
  expect(complaints(source)).toEqual([])
  expect(complaints("import { resolve } from 'samepad'; resolve({ input: '1', kernel: 1 })")).toHaveLength(
    versions.length,
  )
})

it('takes the modules of onnxruntime by their own types, and nothing else', () => {
  // vad-web's onnxruntime-web is onnxruntime-common here, of which all its modules are made.
  const source = (ort: string): string => `
    import * as ort from 'onnxruntime-web'
    import { register } from 'samepad/onnxruntime'
    register(${ort}, { byDefault: undefined, deterministic: true, threads: 2, warn: (message: string) => {} })
    const options: ort.InferenceSession.SessionOptions = { executionProviders: ['samepad', 'wasm'] }
    export const session: Promise<ort.InferenceSession> = ort.InferenceSession.create('model.onnx', options)
  `
  const found = (ort: string): string[] => complaints(source(ort), ['lib.dom.d.ts']) // which those types need
  expect(found('ort')).toEqual([])
  expect(found('{ ...ort, registerBackend: 1 }')).toHaveLength(versions.length)
  expect(found('{ InferenceSession: ort.InferenceSession, Tensor: ort.Tensor }')).toHaveLength(versions.length)
})

it('compiles with TypeScript 5.7 too', () => {
  expect(versions.map((version) => version.split('.').slice(0, 2).join('.'))).toEqual(['6.0', '5.7'])
})

it('a tensor that is new lies on an ArrayBuffer; one that is given is returned as it is', () => {
  const source = (wanted: string): string => `
    import { averagePool, conv, convTranspose, maxPool, pad, prepareConv, readSafetensors, type Tensor } from 'samepad'
    const shared: Tensor<SharedArrayBuffer> = { data: new Float32Array(new SharedArrayBuffer(4)), shape: [1, 1, 1] }
    const layer = prepareConv(shared)
    export const fresh: Float32Array<ArrayBuffer>[] = [
      ...[conv(shared, shared), convTranspose(shared, shared), pad(shared, 1), layer.run(shared)],
      ...[maxPool(shared, { kernel: 1 }), averagePool(shared, { kernel: 1 })],
      readSafetensors('weights.safetensors').get('weights'),
    ].map(({ data }) => data)
    export const given: Float32Array<${wanted}> = layer.run(shared, shared).data
  `
  expect(complaints(source('SharedArrayBuffer'))).toEqual([])
  // To TypeScript 5.7 a shared buffer is an ArrayBuffer.
  expect(complaintsOf(ts, source('ArrayBuffer'))).toHaveLength(1)
})

it('depends on nothing', () => {
  expect(manifest.dependencies).toBeUndefined()
})

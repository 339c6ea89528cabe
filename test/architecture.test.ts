import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { expect, it } from 'vitest'
import { halvedPadding, namedFrameworks } from './never.ts'

/** The folders of src in the order of the line in ARCHITECTURE.md: imports only point left. */
const line = [
  'geometry',
  'words',
  'tensor',
  'conventions',
  'analysis',
  'geometry.ts',
  'bytes',
  'operators',
  'network',
  'models',
  'audit',
  'models.ts',
  'tiles',
  'tiles.ts',
  'functions',
  'reference',
  'wasm',
  'plan',
  'emit',
  'run',
  'tfjs',
  'tfjs.ts',
  'graph',
  'graph.ts',
  'onnxruntime',
  'onnxruntime.ts',
  'index.ts',
  'cli',
]

/** Folders whose own folders have an order too; files beside them come last. */
const linesWithin: Readonly<Record<string, readonly string[]>> = {
  run: ['memory', 'programs', 'threads', 'layers', 'between', 'gradients'],
  graph: ['model', 'lower', 'arrange', 'bind'],
}

const root = join(import.meta.dirname, '..')
const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
const files = filesIn('src')
const importsOf = (file: string, folder = 'src'): string[] =>
  // `from './x'`, `import('./x')`, and an `import './x'` for its effects alone.
  [...readFileSync(join(root, folder, file), 'utf8').matchAll(/(?:\bfrom |\bimport\(|^import )'([^'\n]+)'/gm)].map(
    ([, to]) => to,
  )
const place = (file: string): number => line.indexOf(file.split('/')[0])
const edges = files.flatMap((from) =>
  importsOf(from).map((to) => ({ from, to: to.startsWith('.') ? normalize(join(dirname(from), to)) : to })),
)

it('every folder has its place on the line', () => {
  expect(files.filter((file) => place(file) < 0)).toEqual([])
})

it('imports only point left', () => {
  const pointsLeft = ({ from, to }: (typeof edges)[number]): boolean => place(to) >= 0 && place(to) <= place(from)
  // The command line runs in Node alone; everything else runs in a browser too.
  const asksNode = ({ from, to }: (typeof edges)[number]): boolean => from.startsWith('cli/') && to.startsWith('node:')
  expect(edges.filter((edge) => !pointsLeft(edge) && !asksNode(edge))).toEqual([])
})

/** Where a file stands among the folders of its folder. */
const placeWithin = (file: string): number => {
  const [folder, ...rest] = file.split('/')
  const own = linesWithin[folder]
  return rest.length > 1 ? own.indexOf(rest[0]) : own.length
}

it('within a folder of folders imports point left too', () => {
  const inside = edges.filter(({ from, to }) => {
    const [folder] = from.split('/')
    return Object.hasOwn(linesWithin, folder) && to.startsWith(`${folder}/`)
  })
  expect(new Set(inside.map(({ from }) => from.split('/')[0]))).toEqual(new Set(Object.keys(linesWithin)))
  expect(inside.filter(({ from, to }) => placeWithin(to) < 0 || placeWithin(to) > placeWithin(from))).toEqual([])
})

it('no file reaches itself through its imports', () => {
  const reaches = (from: string, target: string, seen = new Set<string>()): boolean =>
    edges.some((edge) => {
      if (edge.from !== from || seen.has(edge.to)) return false
      seen.add(edge.to)
      return edge.to === target || reaches(edge.to, target, seen)
    })
  expect(files.filter((file) => reaches(file, file))).toEqual([])
})

/** Types that a file declares at its top level, and whether it exports them. */
const typesIn = (text: string): { name: string; isExported: boolean }[] =>
  [...text.matchAll(/^(export )?(?:abstract )?(?:type|interface|class) (\w+)/gm)].map(([, out, name]) => ({
    name,
    isExported: out !== undefined,
  }))

/** Names of exported types that another file declares too. */
function sharedNames(texts: readonly string[]): string[] {
  const all = texts.flatMap(typesIn)
  const exported = new Set(all.filter(({ isExported }) => isExported).map(({ name }) => name))
  return [...exported].filter((name) => all.filter((type) => type.name === name).length > 1).sort()
}

it('one word names one thing: an exported type shares its name with no other type of src', () => {
  expect(sharedNames(['export type Layer = 1', 'interface Layer {\n}', 'type Local = 1', 'class Local {}'])).toEqual([
    'Layer',
  ])
  expect(sharedNames(files.map((file) => readFileSync(join(root, 'src', file), 'utf8')))).toEqual([])
})

// What the table of ARCHITECTURE.md says that folders never do.

/** What a check finds in the files of folders, each with its file. */
function foundIn(folders: readonly string[], check: (text: string) => string[]): string[] {
  return folders.flatMap((folder) =>
    filesIn(folder)
      .filter((file) => !file.startsWith('dist/'))
      .flatMap((file) =>
        check(readFileSync(join(root, folder, file), 'utf8')).map((text) => `${folder}/${file}:${text}`),
      ),
  )
}

it('no framework is named where something is decided: tables have its name', () => {
  const planted = [
    "const only = { framework: 'onnx' }",
    "const same = (one: string): boolean => one === 'tfjs'",
    "const ORT = 'onnxruntime'",
    'function isIt(id: string): boolean { return id !== ORT }',
    "class One { row() { return solve({ convention: 'pytorch.symmetric' }) } }",
    "type Order = 'jax' | 'webnn'",
    "function words(): string { return 'onnx models' }",
  ].join('\n')
  expect(namedFrameworks(planted).map((text) => text.split(':')[0])).toEqual(['2', '4', '5'])
  expect(foundIn(['src/analysis', 'src/operators', 'src/network', 'src/audit', 'src/cli'], namedFrameworks)).toEqual([])
})

it('no pad is worked out by readers of files, the network, the command line or the page', () => {
  const planted = [
    'const begin = Math.floor(total / 2)',
    'const p = (effectiveKernel(layer) - 1) >> 1',
    'const rank = pads.length / 2',
    'const half = width / 2',
    'const middle = (kernel - 1) / 2',
  ].join('\n')
  expect(halvedPadding(planted).map((text) => text.split(':')[0])).toEqual(['1', '2'])
  expect(foundIn(['src/models', 'src/network', 'src/cli', 'explorer'], halvedPadding)).toEqual([])
})

it('readers of protocol buffers and FlatBuffers name fields: their numbers stand in the schema of the format', () => {
  const bare = (text: string): string[] => [
    ...[
      ...text.matchAll(
        /\.(?:texts?|messages?|integers?|bool|bytes|floats?|has|tables?|u?int8|int(?:32|64)s?|vector|place)\(\d+\)/g,
      ),
    ].map(([one]) => one),
    ...[...text.matchAll(/\bnumber [!=]== \d+/g)].map(([one]) => one),
  ]
  expect(bare('a.text(1), b.messages(fields.node), if (wire.number === 7)')).toEqual(['.text(1)', 'number === 7'])
  const schemas = ['onnx', 'tensorflow', 'coreml', 'paddle', 'executorch', 'tflite', 'mnn']
  expect(
    foundIn(
      schemas.map((format) => `src/models/${format}`),
      bare,
    ),
  ).toEqual([])
})

/** A module of `src/words`, from which the command line and the page speak. */
const isWord = (path: string): boolean => /^(?:\.\.\/src\/)?words\//.test(path)

it('the command line asks the entries and has words with the page; what prints plans alone looks further', () => {
  const entries = ['geometry.ts', 'models.ts', 'tiles.ts', 'graph.ts', 'index.ts']
  const inside = edges.filter(({ from, to }) => from.startsWith('cli/') && !/^(cli\/|node:)/.test(to))
  expect(inside.filter(({ from, to }) => !entries.includes(to) && !isWord(to) && from !== 'cli/plan.ts')).toEqual([])
})

it('whoever computes does not load what reads models', () => {
  const [computes, reads] = [
    /^(functions|reference|wasm|plan|emit|run)\//,
    /^(bytes|operators|network|models|audit|tiles)\b/,
  ]
  const among = (from: RegExp, to: RegExp) => edges.filter((edge) => from.test(edge.from) && to.test(edge.to))
  expect(among(computes, reads)).toEqual([])
  expect(among(/^graph\//, reads).length).toBeGreaterThan(10)
})

it('the reference asks for memory through `numbers`, which has the error when there is none', () => {
  const reference = files.filter((file) => file.startsWith('reference/'))
  const allocates = (file: string): boolean => /new \w+\d+Array\(/.test(readFileSync(join(root, 'src', file), 'utf8'))
  expect(reference.filter(allocates)).toEqual([])
})

it('half of the files have fewer than 130 lines', () => {
  const lengths = files.map((file) => readFileSync(join(root, 'src', file), 'utf8').split('\n').length)
  expect(lengths.sort((a, b) => a - b)[Math.floor(lengths.length / 2)]).toBeLessThan(130)
})

it('no file outgrows one sitting', () => {
  const lines = (file: string): number => readFileSync(join(root, 'src', file), 'utf8').split('\n').length
  expect(files.filter((file) => lines(file) > 350)).toEqual([])
})

/** The files of the page; those at its root that build it run in Node. */
const page = filesIn('explorer').filter((file) => !file.startsWith('dist/'))
const builds = ['entries.ts', 'page-workers.ts', 'vite.config.ts']

/** What the page shows as a file, with its licence, and the network that learns in it. */
const sample = /^\.\.\/examples\/((face\/data|ports)\/[\w.-]+\?url|training\/(network|pictures)\.ts)$/

it('the page imports itself, preact, the public entries and words, and nothing else from inside of src', () => {
  const publicEntries = Object.keys(exportsOfPackage()).map((entry) => entry.replace('.', 'samepad'))
  const allowed = [...publicEntries, 'preact', 'preact/hooks']
  const strange = page
    .filter((file) => !builds.includes(file))
    .flatMap((file) => importsOf(file, 'explorer').map((to) => ({ file, to })))
    .filter(({ file, to }) => {
      if (!to.startsWith('.')) return !allowed.includes(to)
      const path = normalize(join(dirname(file), to))
      return path.startsWith('..') && !sample.test(path) && !isWord(path)
    })
  expect(page.length).toBeGreaterThan(20)
  expect(strange).toEqual([])
})

it('what the page draws is worked out without a browser: no model, state or word imports a component', () => {
  const pure = page.filter((file) => file.endsWith('.ts') && !builds.includes(file))
  const needsBrowser = pure.filter((file) => importsOf(file, 'explorer').some((to) => to.endsWith('.tsx')))
  expect(needsBrowser).toEqual([])
})

it('no file of the page outgrows one sitting', () => {
  const lines = (file: string): number => readFileSync(join(root, 'explorer', file), 'utf8').split('\n').length
  expect(page.filter((file) => lines(file) > 350)).toEqual([])
})

function exportsOfPackage(): Record<string, unknown> {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).exports
}

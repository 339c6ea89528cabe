import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { spoiltFormats } from './formats.ts'
import { mutantOf } from './mutant.ts'
import { runMutants } from './run-mutants.ts'
import { readSources } from './sources.ts'
import { tryFormat } from './spoilt-format.ts'
import { sources as runningSources } from './try-network.ts'

// Tries mutants for as long as it is told: npx tsx test/mutants/main.ts --from 1 --seconds 600. Each mutant is made of a
// number; the last line says from which one to go on. A mutant on which something goes wrong is written to
// build/mutants/NUMBER.onnx. --format NAME (or all) tries small files of another format instead, 50,000 of a binary one and
// 20,000 of a text, unless --count says otherwise. --run loads and runs them as networks, small models of every operator.

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    count: { type: 'string' },
    format: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    run: { type: 'boolean', default: false },
  },
})
const [from, count, seconds] = [values.from, values.count ?? '1000000', values.seconds].map(Number)
if (![from, count, seconds].every((value) => value >= 0))
  throw new Error('--from, --count and --seconds must be numbers')

if (values.format === undefined) await tryOnnx()
else await tryFormats(values.format)

async function tryOnnx(): Promise<void> {
  const folder = join(import.meta.dirname, '../../build/mutants')
  const questions = values.run ? new URL('./try-network.ts', import.meta.url) : undefined
  const sources = await (values.run ? runningSources(true) : readSources(true))
  console.log(`mutants from ${from}, of ${sources.length} models`)
  let told = Date.now()
  const { ran, refused, next, failures } = await runMutants({
    ...{ from, to: from + count, seconds, withTestdata: true, questions },
    onFailure: ({ number, what }) => {
      console.log(`\n${number}: ${what}`)
      mutantOf(number, sources).then(({ source, ways, bytes }) => {
        mkdirSync(folder, { recursive: true })
        writeFileSync(join(folder, `${number}.onnx`), bytes)
        console.log(`${number} is ${source.name}: ${ways.join(', ')}; ${bytes.length} bytes`)
      })
    },
    onProgress: (number) => {
      if (Date.now() - told < 60_000) return
      told = Date.now()
      console.log(`at ${number}`)
    },
  })
  console.log(`${ran} mutants, ${refused} of them refused, ${failures.length} failures; go on with --from ${next}`)
  process.exitCode = failures.length > 0 ? 1 : 0
}

/** Of each format by itself, since memory is counted for all its mutants together. */
async function tryFormats(name: string): Promise<void> {
  const chosen = spoiltFormats.filter((format) => name === 'all' || format.name === name)
  if (chosen.length === 0) {
    throw new Error(`--format must be all or one of ${spoiltFormats.map((format) => format.name).join('; ')}`)
  }
  for (const format of chosen) {
    const many = values.count === undefined ? (format.isText ? 20_000 : 50_000) : count
    const { read, refused, failures } = await tryFormat(format, from, many)
    console.log(`${format.name}: ${read} read, ${refused} refused, ${failures.length} failures`)
    for (const failure of failures.slice(0, 3)) console.log(failure)
    if (failures.length > 0) process.exitCode = 1
  }
}

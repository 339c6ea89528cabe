import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mutantOf } from './mutant.ts'
import { runMutants } from './run-mutants.ts'
import { readSources } from './sources.ts'

// Tries mutants for as long as it is told: npx tsx test/mutants/main.ts --from 1 --seconds 600. Each mutant is made of a
// number; the last line says from which one to go on. A mutant on which something goes wrong is written to
// build/mutants/NUMBER.onnx.

const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    count: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '60' },
  },
})
const [from, count, seconds] = [values.from, values.count, values.seconds].map(Number)
if (![from, count, seconds].every((value) => value >= 0))
  throw new Error('--from, --count and --seconds must be numbers')

const folder = join(import.meta.dirname, '../../build/mutants')
const sources = await readSources(true)
console.log(`mutants from ${from}, of ${sources.length} models`)
let told = Date.now()
const { ran, refused, next, failures } = await runMutants({
  ...{ from, to: from + count, seconds, withTestdata: true },
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

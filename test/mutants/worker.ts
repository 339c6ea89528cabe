import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { mutantOf } from './mutant.ts'
import type { Report, Task } from './run-mutants.ts'
import { readSources } from './sources.ts'

/** A module that asks the questions, of models of its own if it has some. */
interface Questions {
  readonly tryMutant: typeof import('./try-mutant.ts').tryMutant
  readonly sources?: typeof readSources
}

// Tries mutants one after another. Before each it says in shared memory which one it is, and since which time of the
// processor, so that whoever watches can name the one that hangs.

const { from, to, withTestdata, questions, shared } = workerData as Task
const { tryMutant, sources: own = readSources } = (await import(questions)) as Questions
const now = new Float64Array(shared)
const report = (message: Report): void => parentPort?.postMessage(message)
const cpu = (): number => {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

const sources = await own(withTestdata)
forbidWriting()
let told = Date.now()
for (let number = from; number < to; number++) {
  const mutant = await mutantOf(number, sources)
  now[1] = cpu()
  now[3] = process.memoryUsage.rss()
  now[0] = number
  const { isRefused, failures } = await tryMutant(number, mutant)
  if (isRefused) now[2]++
  if (failures.length === 0 && Date.now() - told < 1000 && number < to - 1) continue
  told = Date.now()
  report({ number, failures })
  await new Promise((resolve) => setImmediate(resolve))
}

/** Whatever asks questions of a model writes nothing. */
function forbidWriting(): void {
  const forbidden = [
    ...['writeSync', 'writeFileSync', 'writeFile', 'appendFileSync', 'ftruncateSync'],
    ...['mkdirSync', 'renameSync', 'rmSync', 'unlinkSync'],
  ]
  const changed = fs as unknown as Record<string, unknown>
  for (const name of forbidden) {
    changed[name] = () => {
      throw new Error(`${name} was called`)
    }
  }
  const { openSync } = fs
  changed.openSync = (path: string, flags: string) => {
    if (flags !== 'r') throw new Error(`openSync was called with ${flags}`)
    return openSync(path, flags)
  }
  syncBuiltinESMExports() // for those who import the functions by their names
}

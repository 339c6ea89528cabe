import { difference, referenceOf } from './agreement.ts'
import type { Engine, Prepared } from './engines/engine.ts'
import { samepadEngine } from './engines/samepad.ts'
import { type Budget, interleave } from './interleave.ts'
import { type BenchLayer, operationsOf } from './layers.ts'
import { type LimitLoop, limitLoop } from './limit.ts'
import { progress } from './progress.ts'
import type { Limit, Remark, Results, Row } from './results.ts'
import { median } from './statistics.ts'
import { type Task, taskOf, type Values } from './tensors.ts'

type Timed = Pick<Results, 'limit' | 'rows' | 'disagreements' | 'notes' | 'arrays'>

/** Times every layer on every engine, and the limit beside each of them. */
export async function timeLayers(
  layers: readonly BenchLayer[],
  engines: readonly Engine[],
  budget: Budget,
): Promise<Timed> {
  const limit = limitLoop()
  const rows: Row[] = []
  const disagreements: Remark[] = []
  const notes: Remark[] = []
  const arrays: { layer: string; ms: number }[] = []
  const limits: number[] = []
  for (const [index, layer] of layers.entries()) {
    const say = (what: string): void => progress(`[${index + 1}/${layers.length}] ${layer.name}: ${what}`)
    const found = await timeLayer(layer, engines, limit, budget, say)
    rows.push(...found.rows)
    disagreements.push(...found.disagreements)
    notes.push(...found.notes)
    arrays.push({ layer: layer.name, ms: found.arrays })
    limits.push(found.limit)
  }
  return { limit: limitOf(limit, limits), rows, disagreements, notes, arrays }
}

/** The limit on its own. */
export async function timeLimit(budget: Budget): Promise<Limit> {
  const limit = limitLoop()
  const [ms] = await interleave([limit.run], budget)
  return limitOf(limit, [gflops(limit.operations, ms)])
}

function limitOf({ instruction }: LimitLoop, found: readonly number[]): Limit {
  return { gflops: median(found), lowest: Math.min(...found), highest: Math.max(...found), instruction }
}

interface TimedLayer {
  readonly rows: Row[]
  readonly disagreements: Remark[]
  readonly notes: Remark[]
  readonly arrays: number
  readonly limit: number
}

/** An engine that has taken a layer, or its reason not to. */
type Taken = { readonly engine: Engine } & (
  | { readonly prepared: Prepared; readonly values: Values }
  | { readonly error: string }
)

async function timeLayer(
  layer: BenchLayer,
  engines: readonly Engine[],
  limit: LimitLoop,
  budget: Budget,
  say: (what: string) => void,
): Promise<TimedLayer> {
  const task = taskOf(layer)
  say('reference')
  const expected = referenceOf(task)
  const disagreements: Remark[] = []
  const all: Taken[] = []
  for (const engine of engines) {
    say(`values of ${engine.name}`)
    const one = await take(engine, task)
    all.push(one)
    const wrong = 'prepared' in one ? difference(expected, one.values) : undefined
    if (wrong) disagreements.push({ layer: layer.name, engine: engine.name, what: wrong })
  }
  const copying = await samepadEngine('nchw', 'arrays', '').prepare(task)
  const ready = all.filter((one) => 'prepared' in one)
  say('timing')
  const runs = [limit.run, copying.run, ...ready.map(({ prepared }) => prepared.run)]
  const [limitMs, arrays, ...times] = await interleave(runs, budget)
  const rows = all.map((one): Row => {
    const what = { layer: layer.name, kind: layer.kind, set: layer.set, engine: one.engine.name }
    if ('error' in one) return { ...what, error: one.error }
    const ms = times[ready.indexOf(one)]
    return { ...what, ms, gflops: gflops(operationsOf(layer), ms) }
  })
  const notes = ready.flatMap(({ engine, prepared }) => {
    const what = prepared.note?.()
    return what ? [{ layer: layer.name, engine: engine.name, what }] : []
  })
  for (const { release } of [copying, ...ready.map(({ prepared }) => prepared)]) await release()
  return { rows, disagreements, notes, arrays, limit: gflops(limit.operations, limitMs) }
}

/** Makes a layer ready and runs it once, since some engines refuse only then. */
async function take(engine: Engine, task: Task): Promise<Taken> {
  try {
    const prepared = await engine.prepare(task)
    await prepared.result() // some fail at the second run
    return { engine, prepared, values: await prepared.result() }
  } catch (error) {
    const [message] = (error instanceof Error ? error.message : String(error)).split('\n')
    return { engine, error: message }
  }
}

/** 10^9 operations a second. */
export function gflops(operations: number, ms: number): number {
  return operations / ms / 1e6
}

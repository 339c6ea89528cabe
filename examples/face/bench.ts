// What the bench recorded of this network: `npm run bench -- --models --docs`.

import { existsSync, readFileSync } from 'node:fs'

/** As much of the record as is shown. */
interface BenchRecord {
  readonly cpu: string
  readonly host: string
  readonly models: readonly {
    readonly model: string
    readonly steady: Readonly<Record<'1', { readonly engines: Readonly<Record<string, { readonly ms: number }>> }>>
    readonly first: Readonly<Record<string, { readonly ms: number }>>
  }[]
}

const path = new URL('../../docs/bench-models.json', import.meta.url)

/** What samepad and onnxruntime-web took, as lines of text; undefined where nothing was recorded. */
export function recordedTimes(): string | undefined {
  if (!existsSync(path)) return undefined
  const { cpu, host, models } = JSON.parse(readFileSync(path, 'utf8')) as BenchRecord
  const found = models.find(({ model }) => model === 'BlazeFace')
  if (!found) return undefined
  const [run, first] = [found.steady[1].engines, found.first]
  const [own, other] = ['samepad', 'onnxruntime-web']
  return `Beside onnxruntime-web, one thread each, as the bench recorded it
(${cpu}, ${host}):
a run takes ${run[own].ms.toFixed(2)} ms, there ${run[other].ms.toFixed(2)} ms; a fresh process has its first result
after ${first[own].ms.toFixed(0)} ms, there ${first[other].ms.toFixed(0)} ms.`
}

// Writes what layers reach of the limit on the Node that runs it into rates.json:
// `test/machines/node_modules/node24/bin/node --import tsx test/machines/write-rates.ts`.

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { limitLoop } from '../../bench/limit.ts'
import { median } from '../../bench/statistics.ts'
import { layouts } from '../../src/tensor/tensor.ts'
import { version } from './engine.ts'
import { shareOfLimit } from './rate.ts'
import { layers, workOf } from './rate-layers.ts'

const PASSES = 5
const LOOKS = 10
const path = join(import.meta.dirname, 'rates.json')

const limit = limitLoop()
const found = Object.fromEntries(layers.map(({ name }) => [name, layouts.map((): number[] => [])]))
for (let pass = 0; pass < PASSES; pass++) {
  for (const layer of layers) {
    for (const [index, layout] of layouts.entries()) {
      found[layer.name][index].push(await shareOfLimit(limit, workOf(layer, layout), Number.POSITIVE_INFINITY, LOOKS))
    }
  }
}
const all = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
const shares = Object.entries(found).map(([name, lists]) => [
  name,
  lists.map((list) => Number(median(list).toFixed(2))),
])
const written = JSON.stringify({ ...all, [`node${version}`]: Object.fromEntries(shares) }, null, 2)
writeFileSync(path, `${written.replace(/\[\s+([\d.]+),\s+([\d.]+)\s+\]/g, '[$1, $2]')}\n`)

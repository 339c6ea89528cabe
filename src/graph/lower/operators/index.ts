import { detecting } from './detecting.ts'
import { einsum } from './einsum.ts'
import { elements } from './elements.ts'
import { moving } from './moving.ts'
import { multiplying } from './multiplying.ts'
import { normalizing } from './normalizing.ts'
import { padding } from './padding.ts'
import { picking } from './picking.ts'
import { plains } from './plain.ts'
import { quantizing } from './quantizing.ts'
import { reducing } from './reducing.ts'
import type { RunRow } from './row.ts'
import { sampling } from './sampling.ts'
import { scattering } from './scattering.ts'
import { sizing } from './sizing.ts'
import { windows } from './windows.ts'

/** Every operator that runs, one row each. */
export const runRows: readonly RunRow[] = [
  ...[...windows, ...elements, ...plains, ...moving],
  ...[...reducing, ...multiplying, ...normalizing, ...picking, ...sizing],
  ...[...detecting, ...scattering, ...sampling, ...quantizing, einsum, padding],
]

const byName: ReadonlyMap<string, RunRow> = new Map(runRows.map((row) => [row.name, row]))

/** How a node runs; undefined where its operator does not. */
export const runRowOf = ({
  domain,
  opType,
}: {
  readonly domain: string
  readonly opType: string
}): RunRow | undefined => (domain === '' ? byName.get(opType) : undefined)

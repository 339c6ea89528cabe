import { SamepadError, Verbatim } from 'samepad/geometry'
import { type ChunkStore, NOTES } from '../store/folder-store.ts'

// What an output is made of, noted in it, so that no run goes on with another one's output.

/** Everything that the numbers of an output depend on. */
export interface Manifest {
  /** The version of this file. */
  readonly format: 1
  /** SHA-256 of the model's files. */
  readonly model: string
  /** The picture: where it lay, its shape, type and stamp. */
  readonly input: {
    readonly place: string
    readonly axes: string
    readonly shape: readonly number[]
    readonly type: string
    readonly stamp: string
  }
  /** How its values become the model's input. */
  readonly feed: Readonly<Record<string, unknown>>
  readonly storing: Readonly<Record<string, unknown>>
  readonly engine: { readonly name: string; readonly deterministic: boolean }
  /** How the picture is cut; `hash` is that of the plan which follows from it. */
  readonly plan: {
    readonly hash: string
    readonly tile: readonly number[]
    readonly halo: number | null
    readonly pieces: number
  }
  readonly versions: { readonly samepad: string; readonly 'samepad-tiles': string }
}

const KEY = `/${NOTES}/manifest.json` as const
/** A manifest has about 1 kB. */
const MOST_BYTES = 65_536

/** The manifest of an output; undefined where there is none. */
export async function readManifest(store: ChunkStore): Promise<Manifest | undefined> {
  const bytes = await store.get(KEY)
  if (!bytes) return undefined
  if (bytes.length > MOST_BYTES)
    throw new SamepadError('output', `its manifest must have at most ${MOST_BYTES} bytes`, bytes.length)
  try {
    const manifest = JSON.parse(new TextDecoder().decode(bytes))
    if (
      manifest?.format === 1 &&
      manifest.plan &&
      Array.isArray(manifest.plan.tile) &&
      manifest.feed &&
      manifest.storing
    )
      return manifest
  } catch {
    // told below
  }
  throw new SamepadError('output', 'its manifest must be one of samepad-tiles, format 1', new Verbatim(KEY))
}

export async function writeManifest(store: ChunkStore, manifest: Manifest): Promise<void> {
  await store.set(KEY, new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`))
}

/** What each part of a manifest is called. */
const parts: Readonly<Record<Exclude<keyof Manifest, 'format'>, string>> = {
  model: 'model',
  input: 'picture',
  feed: 'way from picture to model',
  storing: 'type of output',
  engine: 'engine',
  plan: 'plan',
  versions: 'versions',
}

/** Refuses to go on with what another run began. */
export function checkSame(found: Manifest, own: Manifest): void {
  for (const [part, name] of Object.entries(parts) as [keyof typeof parts, string][]) {
    const [theirs, ours] = [found, own].map((one) => JSON.stringify(one[part]))
    if (theirs === ours) continue
    const must = `OUTPUT holds a run with another ${name}: take another OUTPUT, or remove this one; it must have ${ours}`
    throw new SamepadError('output', must, new Verbatim(theirs))
  }
}

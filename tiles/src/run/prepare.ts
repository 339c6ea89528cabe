import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'
import { SamepadError } from 'samepad/geometry'
import { type Model, readModel } from 'samepad/models'
import type { EngineName } from '../engine/engine.ts'
import type { ThreadData } from '../engine/thread.ts'
import { bytesOf, type Storing } from '../engine/values.ts'
import { checkFormat } from '../model/convert.ts'
import { type Feed, type FeedOptions, feedOf } from '../model/feed.ts'
import { filesOf, type ModelFiles } from '../model/model-files.ts'
import type { Manifest } from '../output/manifest.ts'
import { openPicture } from '../picture/open.ts'
import type { Picture, PictureOptions } from '../picture/picture.ts'
import { isRemote } from '../picture/place.ts'
import { planRun, type RunPlan } from '../plan/run-plan.ts'
import { sizeRun } from '../plan/size-run.ts'

/** All that somebody says of a run. */
export interface RunRequest {
  readonly model: string
  readonly input: string
  readonly picture: PictureOptions
  readonly feed: FeedOptions
  readonly storing: Storing
  readonly engine: EngineName
  readonly deterministic: boolean
  /** Bytes that the run may take. */
  readonly memory: number
  /** Cells of a piece; by default as many as the memory allows. */
  readonly tile: readonly number[] | undefined
  readonly halo: number | undefined
  readonly threads: number | undefined
  /** Whether the output is made as a whole. */
  readonly isWhole: boolean
}

/** A run that is ready to go. */
export interface PreparedRun {
  readonly picture: Picture
  readonly feed: Feed
  readonly plan: RunPlan
  readonly manifest: Manifest
  readonly threads: number
  readonly lanes: number
  /** The bytes that it is expected to take at most. */
  readonly bytes: number
  /** What threads are told that run its pieces. */
  readonly threadData: ThreadData
}

const versionOf = (url: URL): string => JSON.parse(readFileSync(url, 'utf8')).version
const versions = {
  samepad: versionOf(new URL(import.meta.resolve('samepad/package.json'))),
  'samepad-tiles': versionOf(new URL('../../package.json', import.meta.url)),
}

/** Opens model and picture, and plans. */
export async function prepareRun(request: RunRequest): Promise<PreparedRun> {
  const { model: path } = request
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new SamepadError('model', 'there must be a file of this name', path)
  const model = await readModel(path)
  checkFormat(model)
  const files = filesOf(path, model)
  const picture = await openPicture(request.input, request.picture, request.memory)
  try {
    return await planned(request, { model, files, picture })
  } catch (error) {
    await picture.close()
    throw error
  }
}

/** What a run works with, opened. */
interface Opened {
  readonly model: Model
  readonly files: ModelFiles
  readonly picture: Picture
}

async function planned(request: RunRequest, { model, files, picture }: Opened): Promise<PreparedRun> {
  const { model: path, storing, engine, deterministic } = request
  const feed = feedOf(model, picture, request.feed)
  const spatial = [...feed.layout].flatMap((letter, axis) => ('dhw'.includes(letter) ? [axis] : []))
  const { plan, tile, threads, bytes } = sizeRun({
    sizes: spatial.map((axis) => feed.shape[axis]),
    planOf: (cells) => planRun(model, { input: feed.input, shape: feed.shape, tile: cells, halo: request.halo }),
    useOf: (count) => ({
      ...{ threads: count, lanes: lanesOf(count), model: files.bytes, held: picture.held, chunk: picture.chunk },
      ...{ bytesRead: feed.bytesRead, bytesStored: bytesOf(storing) },
    }),
    ...request,
  })
  const place = isRemote(request.input) ? request.input : resolve(request.input)
  return {
    ...{ picture, feed, plan, threads, bytes, lanes: lanesOf(threads) },
    manifest: {
      format: 1,
      model: await files.hash(),
      input: { place, axes: picture.axes, shape: picture.shape, type: picture.type, stamp: picture.stamp },
      feed: { ...request.picture, ...request.feed, layout: feed.layout },
      storing: { ...storing },
      engine: { name: engine, deterministic },
      plan: { hash: plan.hash, tile, halo: request.halo ?? null, pieces: plan.tiles.pieces },
      versions,
    },
    threadData: {
      engine: { model: resolve(path), engine, deterministic },
      input: feed.input,
      outputs: plan.outputs.map(({ name }) => name),
      storing,
    },
  }
}

/** While one piece of a thread is computed, another is read or written. */
export const lanesOf = (threads: number): number => 2 * threads

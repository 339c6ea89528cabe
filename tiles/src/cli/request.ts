import { SamepadError } from 'samepad/geometry'
import { engineNames } from '../engine/engine.ts'
import { storedTypes } from '../engine/values.ts'
import { compressionNames } from '../output/codecs.ts'
import { isPng } from '../output/output-place.ts'
import type { RunRequest } from '../run/prepare.ts'
import { bytesIn, nameOf, numberOf, numbersOf, placesOf, type Typed, textOf } from './options.ts'

const STAGE = 'run'

/** Memory where nothing else is said. */
export const MEMORY = 2e9

/** Whether an output is one file, which is made as a whole. */
export const isFile = (output: string): boolean => /\.(png|tiff?)$/i.test(output)

/** What was typed, as a request. */
export function requestOf(given: Typed, model: string, input: string, output: string): RunRequest {
  const type = nameOf(STAGE, given, 'type', storedTypes) ?? (isPng(output) ? 'uint8' : 'float32')
  const compression = nameOf(STAGE, given, 'compress', compressionNames) ?? 'none'
  if (isFile(output) && compression !== 'none') {
    throw new SamepadError(STAGE, '--compress must go with a Zarr', output)
  }
  if (!isFile(output) && given.options.overwrite === true) {
    throw new SamepadError(STAGE, '--overwrite must go with a PNG or TIFF; a run into a Zarr goes on', output)
  }
  const one = (name: string): number | undefined => {
    const list = numbersOf(STAGE, given, name)
    if (list && list.length !== 1) throw new SamepadError(STAGE, `--${name} must be one number`, textOf(given, name))
    return list?.[0]
  }
  const engine = nameOf(STAGE, given, 'engine', engineNames) ?? 'samepad'
  const deterministic = given.options.deterministic === true
  if (deterministic && engine !== 'samepad')
    throw new SamepadError(STAGE, '--deterministic must go with the engine samepad', engine)
  return {
    ...{ model, input },
    picture: { axes: textOf(given, 'axes'), level: numberOf(STAGE, given, 'level'), raw: textOf(given, 'raw') },
    feed: {
      layout: textOf(given, 'layout'),
      channels: numbersOf(STAGE, given, 'channels', true),
      mean: numbersOf(STAGE, given, 'mean'),
      scale: numbersOf(STAGE, given, 'scale'),
      at: placesOf(STAGE, given, 'at'),
    },
    storing: { type, scale: one('out-scale') ?? 1, offset: one('out-offset') ?? 0, compression },
    engine,
    deterministic,
    memory: bytesIn(STAGE, given, 'memory') ?? MEMORY,
    tile: numbersOf(STAGE, given, 'tile', true),
    halo: numberOf(STAGE, given, 'halo'),
    threads: numberOf(STAGE, given, 'workers', 1),
    isWhole: isFile(output),
  }
}

import { openSource } from '../../src/bytes/source.ts'
import type { Companion, Format } from '../../src/models/format.ts'
import type { Model } from '../../src/network/model.ts'
import type { SpatialNode } from '../../src/network/spatial-node.ts'
import { spatialNodes } from '../../src/network/spatial-nodes.ts'

/** Reads bytes as a file of a format, whatever its name would be. */
export const readAs = (format: Format, bytes: Uint8Array | string, companion?: Companion): Promise<Model> =>
  format.read(openSource(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes), companion)

/** Windows in short: `conv 3>8 g1: k3 s2 d1 0,1 9>4`, an axis behind the other; what is open is `?`. */
export function shown(model: Model, inputs: Readonly<Record<string, readonly number[]>> = {}): string[] {
  return spatialNodes(model, { inputs }).map(shownNode)
}

function shownNode({ op, inputChannels, outputChannels, groups, axes }: SpatialNode): string {
  const each = axes.map(({ setting, pads, input, output }) => {
    const window = `k${setting?.kernel ?? '?'} s${setting?.stride ?? '?'} d${setting?.dilation ?? '?'}`
    return `${window} ${pads ?? '?'} ${input ?? '?'}>${output ?? '?'}`
  })
  return `${op} ${inputChannels ?? '?'}>${outputChannels ?? '?'} g${groups}: ${each.join('; ')}`
}

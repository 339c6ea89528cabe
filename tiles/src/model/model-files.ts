import { createHash } from 'node:crypto'
import { createReadStream, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { SamepadError } from 'samepad/geometry'
import type { Graph, Model, StoredTensor } from 'samepad/models'

// The files that a model is made of: its own, and those beside it that hold weights.

/** Size and hash of all files of a model. */
export interface ModelFiles {
  readonly bytes: number
  /** SHA-256 of the files, one after the other: the model's own first, the others by their names. */
  readonly hash: () => Promise<string>
}

/**
 * Finds the files of a model.
 *
 * @throws SamepadError where one is missing
 */
export function filesOf(path: string, { graph }: Model): ModelFiles {
  const folder = dirname(path)
  const names = [...new Set(tensorsOf(graph).flatMap(({ data }) => (data && 'location' in data ? data.location : [])))]
  const paths = [path, ...names.sort().map((name) => besideIt(folder, name))]
  return {
    bytes: paths.reduce((sum, one) => sum + statSync(one).size, 0),
    hash: async () => {
      const hash = createHash('sha256')
      for (const one of paths) for await (const part of createReadStream(one)) hash.update(part)
      return hash.digest('hex')
    },
  }
}

/** Tensors of a graph and of those within its nodes. */
const tensorsOf = ({ initializers, nodes }: Graph): StoredTensor[] => [
  ...initializers,
  ...nodes.flatMap(({ attributes }) =>
    attributes.flatMap(({ tensor, tensors = [], graph, graphs = [] }) => [
      ...(tensor ? [tensor] : []),
      ...tensors,
      ...[...(graph ? [graph] : []), ...graphs].flatMap(tensorsOf),
    ]),
  ),
]

function besideIt(folder: string, name: string): string {
  const path = join(folder, name) // samepad takes no name that leads out of it
  if (!statSync(path, { throwIfNoEntry: false })?.isFile())
    throw new SamepadError('model', 'the file of its weights must lie beside it', name)
  return path
}

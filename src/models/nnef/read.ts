import { fileError } from '../../bytes/file-error.ts'
import type { ByteSource } from '../../bytes/source.ts'
import type { Model } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { respellText } from '../respell-text.ts'
import { numbers, operations, signatures, unknown } from './operations.ts'
import { spell } from './spell.ts'
import { type Assignment, type NnefArgument, readGraph } from './text.ts'

/** The most bytes of a text; weights are other files. */
const LARGEST = 2 ** 26

/** Reads the text of a network (`graph.nnef`), of which weights are no part. */
export async function readNnef(source: ByteSource): Promise<Model> {
  const { size, path } = source
  if (size > LARGEST) throw fileError('nnef', `a text must have at most ${LARGEST} bytes`, size)
  const bytes = await source.read(0, size)
  const { outputs, assignments } = readGraph(new TextDecoder('latin1').decode(bytes))
  const builder = new ModelBuilder(bytes)
  for (const assignment of assignments) addTo(builder, assignment)
  for (const name of outputs) builder.output(name)
  return builder.model({ size, path, producerName: 'NNEF', framework: 'nnef', respell: respellText(bytes, spell) })
}

function addTo(builder: ModelBuilder, assignment: Assignment): void {
  const { operation, positional, named, outputs } = assignment
  const names = Object.hasOwn(signatures, operation) ? signatures[operation].split(' ') : []
  const argument = (name: string): NnefArgument | undefined => named.get(name) ?? positional[names.indexOf(name)]
  const shape = numbers(argument('shape'))
  if (operation === 'external')
    builder.input(
      outputs[0],
      shape?.map((size) => openSize(size || -1)),
    )
  else if (operation === 'variable' || operation === 'constant') builder.constant(outputs[0], shape ?? [])
  else {
    const known = Object.hasOwn(operations, operation) ? operations[operation] : unknown
    known({ ...assignment, builder, argument })
  }
}

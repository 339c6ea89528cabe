import type { ByteSource } from '../../bytes/source.ts'
import { latin1, readWhole } from '../../bytes/whole.ts'
import type { Model } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { addBy, rowOf } from '../file-operator.ts'
import { largest } from '../limits.ts'
import { respellText } from '../respell-text.ts'
import { nameIn, numbers, operations, signatures } from './operations.ts'
import { spell } from './spell.ts'
import { type Assignment, type NnefArgument, readGraph } from './text.ts'

/** The most bytes of a text; weights are other files. */
const LARGEST = largest.nnef

/** Reads the text of a network (`graph.nnef`), of which weights are no part. */
export async function readNnef(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, 'nnef', 'a text', LARGEST)
  const { outputs, assignments } = readGraph(latin1(bytes))
  const builder = new ModelBuilder(bytes)
  for (const assignment of assignments) addTo(builder, assignment)
  for (const name of outputs) builder.output(name)
  return builder.model(source, { producerName: 'NNEF', framework: 'nnef', respell: respellText(bytes, spell) })
}

function addTo(builder: ModelBuilder, assignment: Assignment): void {
  const { operation: type, positional, named, outputs, place } = assignment
  const names = rowOf(signatures, type)?.split(' ') ?? []
  const argument = (name: string): NnefArgument | undefined => named.get(name) ?? positional[names.indexOf(name)]
  const shape = numbers(argument('shape'))
  if (type === 'external')
    builder.input(
      outputs[0],
      shape?.map((size) => openSize(size || -1)),
    )
  else if (type === 'variable' || type === 'constant') builder.constant(outputs[0], shape ?? [])
  else {
    const inputs = positional.flatMap((one) => nameIn(one) ?? [])
    const call = { type, domain: 'nnef', name: outputs[0], place, inputs, outputs, builder }
    addBy(operations, { ...call, positional, argument })
  }
}

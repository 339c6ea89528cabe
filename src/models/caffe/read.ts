import { fileError } from '../../bytes/file-error.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { latin1, readWhole } from '../../bytes/whole.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model, Shape } from '../../network/model.ts'
import { ModelBuilder } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { largest } from '../limits.ts'
import { respellText } from '../respell-text.ts'
import { layers } from './layers.ts'
import { type PrototxtMessage, readPrototxt } from './prototxt.ts'
import { spell } from './spell.ts'

/** The most bytes of a network's text. */
const LARGEST = largest.caffe

/** Reads a network's text (`.prototxt`), of which weights are no part. */
export async function readCaffe(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, 'caffe', "a network's text", LARGEST)
  const net = readPrototxt(latin1(bytes))
  const found = net.all('layer', 'layers').filter(isDeployed)
  if (found.length === 0) throw fileError('caffe', 'a network must have layers', new Verbatim('none'))
  const builder = new ModelBuilder(bytes)
  const values = new ValueNames()
  for (const [name, shape] of headInputs(net)) builder.input(values.make(name), shape)
  for (const layer of found) {
    const type = layer.text('type') ?? ''
    const inputs = layer.texts('bottom').map((name) => values.current(name))
    const outputs = layer.texts('top').map((name) => values.make(name))
    if (inputs.length === 0 && type !== '') {
      const shapes = shapesOf(layer.message('input_param') ?? layer)
      for (const [index, name] of outputs.entries()) builder.input(name, shapes[index])
    } else {
      const name = layer.text('name') ?? ''
      const call = { type, domain: 'caffe', name, place: layer, inputs, outputs, builder, layer }
      addBy(layers, call, type.toUpperCase().replaceAll('_', ''))
    }
  }
  for (const name of values.unused()) builder.output(name)
  return builder.model(source, { producerName: 'caffe', framework: 'caffe', respell: respellText(bytes, spell) })
}

/** Layers that are part of the network in use: training adds some of its own. */
function isDeployed(layer: PrototxtMessage): boolean {
  const isOf = (rule: PrototxtMessage, phase: string, number: string): boolean =>
    [phase, number].includes(rule.text('phase') ?? '')
  const [included, excluded] = [layer.all('include'), layer.all('exclude')]
  // Where several rules stand, one that is met is enough.
  if (included.length > 0) return !included.every((rule) => isOf(rule, 'TRAIN', '0'))
  return !excluded.some((rule) => isOf(rule, 'TEST', '1'))
}

/** Inputs beside layers, as older files have them: names, and four numbers or a shape for each. */
function headInputs(net: PrototxtMessage): [name: string, shape: Shape | undefined][] {
  const flat = net.numbers('input_dim')
  const shapes = net.all('input_shape').map((shape) => shape.numbers('dim'))
  return net.texts('input').map((name, index) => {
    const dims = shapes[index] ?? flat.slice(4 * index, 4 * index + 4)
    return [name, dims.length > 0 ? dims : undefined]
  })
}

const shapesOf = (parameters: PrototxtMessage): (Shape | undefined)[] =>
  parameters.all('shape').map((shape) => shape.numbers('dim'))

/** Names of values: a layer may write over the value that it reads, which gets a name of its own here. */
class ValueNames {
  readonly #versions = new Map<string, number>()
  readonly #unused = new Set<string>()

  current(name: string): string {
    const own = named(name, this.#versions.get(name) ?? 0)
    this.#unused.delete(own)
    return own
  }

  make(name: string): string {
    const known = this.#versions.get(name)
    const version = known === undefined ? 0 : known + 1
    this.#versions.set(name, version)
    this.#unused.add(named(name, version))
    return named(name, version)
  }

  unused(): Iterable<string> {
    return this.#unused
  }
}

const named = (name: string, version: number): string => (version === 0 ? name : `${name} (${version + 1})`)

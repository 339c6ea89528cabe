import { fileError } from '../../bytes/file-error.ts'
import { elementsOf, memberAt, valueIn } from '../../bytes/json-places.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { parseJson, readWhole } from '../../bytes/whole.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model, Shape, Span } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { addBy, rowOf } from '../file-operator.ts'
import { operators, type PaddleOperator } from './operators.ts'

// Programs of Paddle 3 in the form PIR (`inference.json`; paddle/fluid/pir/serialize_deserialize/include/schema.h).
// `#` names an operator, `I` its inputs and `O` its outputs by their numbers (`%`), `A` its attributes.

const STAGE = 'paddle'
/** The most bytes of a program; its weights are another file. */
const LARGEST = 2 ** 27
/** The deepest that lists lie within each other. */
const DEEPEST = 8

type PirValue =
  | null
  | boolean
  | number
  | string
  | readonly PirValue[]
  | { readonly [key: string]: PirValue | undefined }
type PirObject = { readonly [key: string]: PirValue | undefined }

const objectOf = (value: PirValue | undefined): PirObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as PirObject) : {}
const listOf = (value: PirValue | undefined): readonly PirValue[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]

/** Names of inputs by their place (paddle/phi/ops/yaml/ops.yaml); of all other operators x and y. */
const inputNames: Readonly<Record<string, string>> = {
  ...{ conv2d: 'input filter', depthwise_conv2d: 'input filter', conv3d: 'input filter' },
  ...{ conv2d_transpose: 'x filter output_size', depthwise_conv2d_transpose: 'x filter output_size' },
  ...{ conv3d_transpose: 'x filter', pool2d: 'x kernel_size', pool3d: 'x kernel_size', pad3d: 'x paddings' },
  ...{ concat: 'x axis', reshape: 'x shape', transpose: 'x', clip: 'x min max' },
}

/** Operators that only hold numbers. */
const constants = ['full_int_array', 'full']

/** Reads a program of Paddle 3 (`inference.json`): its first block. */
export async function readPir(source: ByteSource): Promise<Model> {
  const bytes = await readWhole(source, STAGE, 'a program', LARGEST)
  const [region] = listOf(
    objectOf(objectOf(parseJson(new TextDecoder().decode(bytes), STAGE, 'a program') as PirValue).program).regions,
  )
  const [block] = listOf(objectOf(region).blocks)
  const list = listOf(objectOf(block).ops)
  if (list.length === 0) throw fileError(STAGE, 'a program must have operators', new Verbatim('none'))
  const builder = new ModelBuilder(bytes)
  const reader = new PirReader(builder)
  const places = placesIn(bytes)
  for (const [index, one] of list.entries()) reader.add(objectOf(one), places[index])
  return builder.model(source, { producerName: 'Paddle', framework: 'paddle' })
}

function placesIn(bytes: Uint8Array): Span[] {
  const first = (place: Span | undefined): Span | undefined => place && elementsOf(bytes, place)[0]
  const regions = first(memberAt(bytes, valueIn(bytes), 'program', 'regions')?.value)
  const blocks = regions && first(memberAt(bytes, regions, 'blocks')?.value)
  const list = blocks && memberAt(bytes, blocks, 'ops')?.value
  return list ? elementsOf(bytes, list) : []
}

class PirReader {
  readonly #builder: ModelBuilder
  readonly #shapes = new Map<string, Shape | undefined>()
  readonly #numbers = new Map<string, readonly number[]>()
  /** Values that stand for several. */
  readonly #lists = new Map<string, readonly string[]>()

  constructor(builder: ModelBuilder) {
    this.#builder = builder
  }

  add(operator: PirObject, place: Span | undefined): void {
    const type = String(operator['#'] ?? '').replace(/^\d+\./, '')
    const outputs = listOf(operator.O).map((one) => this.#output(objectOf(one)))
    const inputs = listOf(operator.I).map((one) => nameOf(objectOf(one)['%']))
    const attributes = new Map(
      listOf(operator.A).map((one) => [String(objectOf(one).N ?? ''), dataOf(objectOf(one).AT)] as const),
    )
    const [output = ''] = outputs
    if (type === 'p' || type === 'parameter') return
    if (type === 'data') this.#builder.input(output, this.#shapes.get(output))
    else if (type === 'fetch') for (const name of inputs) this.#builder.output(name)
    else if (type === 'combine') this.#lists.set(output, inputs)
    else if (constants.includes(type)) this.#numbers.set(output, numbersIn(attributes.get('value')))
    else addBy(operators, this.#operator(type, inputs, outputs, attributes, place))
  }

  /** The name of an output, whose shape is kept. */
  #output(output: PirObject): string {
    const name = nameOf(output['%'])
    const parts = listOf(objectOf(output.TT).D)
    const shape = Array.isArray(parts[1]) ? parts[1].map((size) => openSize(Number(size))) : undefined
    this.#shapes.set(name, shape)
    this.#builder.value(name, shape)
    return name
  }

  #operator(
    type: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: ReadonlyMap<string, PirValue | undefined>,
    place: Span | undefined,
  ): PaddleOperator {
    const names = (rowOf(inputNames, type) ?? 'x y').split(' ')
    const parameters = new Map(
      inputs.map((input, index) => [names[index] ?? `input ${index}`, this.#lists.get(input) ?? [input]] as const),
    )
    // Numbers may be an input, which another operator makes.
    const made = (name: string): readonly number[] | undefined => this.#numbers.get(parameters.get(name)?.[0] ?? '')
    return {
      ...{ type, domain: 'paddle', name: `${type} ${outputs[0] ?? ''}`, place, builder: this.#builder },
      ...{ parameters, inputs: [...parameters.values()].flat(), outputs },
      number: (name) => {
        const [value] = made(name) ?? numbersIn(attributes.get(name))
        return value
      },
      numbers: (name) => made(name) ?? (attributes.has(name) ? numbersIn(attributes.get(name)) : undefined),
      text: (name) => {
        const value = attributes.get(name)
        return typeof value === 'string' ? value : undefined
      },
      shapeOf: (value) => this.#shapes.get(value),
    }
  }
}

const nameOf = (number: PirValue | undefined): string => `%${typeof number === 'number' ? number : '?'}`

/** The value of an attribute, whose type stands around it: `{"#": "0.a_i32", "D": 1}`, lists of such. */
function dataOf(attribute: PirValue | undefined, depth = 0): PirValue | undefined {
  const { D: data } = objectOf(attribute)
  if (!Array.isArray(data) || depth > DEEPEST) return data
  return (data as readonly PirValue[]).map((one) => ('D' in objectOf(one) ? (dataOf(one, depth + 1) ?? null) : one))
}

/** Numbers of a value; truths are 0 and 1. */
function numbersIn(value: PirValue | undefined): number[] {
  return listOf(value).flatMap((one) => (typeof one === 'number' || typeof one === 'boolean' ? Number(one) : []))
}

import { fileError } from '../../bytes/file-error.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model, Span } from '../../network/model.ts'
import { type File, type Head, ModelBuilder } from '../builder.ts'
import { addBy } from '../file-operator.ts'
import { deepest } from '../limits.ts'
import {
  type Config,
  type ConfigText,
  isConfig,
  type KerasLayer,
  layersOf,
  type OutputReference,
  referencesOf,
  shapeOf,
} from './config.ts'
import { layers } from './layers.ts'

/** Classes of models, which may be layers of others. */
const models = ['Sequential', 'Functional', 'Model']
/** The deepest that models lie within each other. */
const DEEPEST = deepest.kerasModels

/** The text that a configuration was read from, and where the model stands in it. */
export interface KerasSource extends ConfigText {
  readonly place: Span
  /** Whether the file is that text. */
  readonly isText: boolean
}

/** Makes a model of a configuration. */
export function buildKeras(
  model: Config,
  file: File,
  head: Pick<Head, 'producerVersion' | 'respell' | 'following'> = {},
  text?: KerasSource,
): Model {
  const className = typeof model.class_name === 'string' ? model.class_name : ''
  if (!models.includes(className)) {
    const must = 'a model must be Sequential or Functional (of other classes the file has no layers)'
    throw fileError('keras', must, new Verbatim(className || 'no class'))
  }
  const builder = new ModelBuilder(text?.isText ? text.bytes : undefined)
  for (const output of new Layers(builder, '', 0, text).add(model, undefined, text?.place)) builder.output(output)
  return builder.model(file, { ...head, producerName: 'Keras', framework: 'keras' })
}

/** Adds the layers of a model, and those of models within it. */
class Layers {
  readonly #builder: ModelBuilder
  readonly #prefix: string
  readonly #depth: number
  readonly #text: ConfigText | undefined
  /** Names of values by layer, call and output. */
  readonly #values = new Map<string, string>()

  constructor(builder: ModelBuilder, prefix: string, depth: number, text: ConfigText | undefined) {
    if (depth > DEEPEST) throw fileError('keras', `models must lie at most ${DEEPEST} deep`, depth)
    this.#builder = builder
    this.#prefix = prefix
    this.#depth = depth
    this.#text = text
  }

  /**
   * @param given what flows into a model that is a layer of another one
   * @param place where the model stands in the text
   * @returns the names of what flows out
   */
  add(model: Config, given: readonly string[] | undefined, place: Span | undefined): string[] {
    const found = layersOf(model, this.#text, place)
    const isChain = model.class_name === 'Sequential' || found.every(({ calls }) => calls.length === 0)
    const config = isConfig(model.config) ? model.config : {}
    if (isChain) return this.#chain(found, config, given)
    let next = 0
    for (const layer of found) {
      if (layer.className === 'InputLayer') this.#input(layer, given?.[next++])
      else
        layer.calls.forEach(
          (call, index) =>
            void this.#call(
              layer,
              call.map((one) => this.#value(one)),
              index,
            ),
        )
    }
    return referencesOf(config.output_layers).map((one) => this.#value(one))
  }

  #chain(found: readonly KerasLayer[], config: Config, given: readonly string[] | undefined): string[] {
    let value = given?.[0]
    for (const layer of found) {
      const shape = shapeOf(layer.config.batch_input_shape ?? layer.config.batch_shape)
      if (layer.className === 'InputLayer') {
        value ??= this.#builder.input(this.#prefix + layer.name, shape)
        continue
      }
      value ??= this.#builder.input(`${this.#prefix}input`, shape ?? shapeOf(config.build_input_shape))
      value = this.#call(layer, [value], 0)[0]
    }
    return value === undefined ? [] : [value]
  }

  #input({ name, config }: KerasLayer, given: string | undefined): void {
    const shape = shapeOf(config.batch_input_shape ?? config.batch_shape)
    this.#values.set(
      keyOf({ layer: name, call: 0, output: 0 }),
      given ?? this.#builder.input(this.#prefix + name, shape),
    )
  }

  /** @returns the names of the call's outputs */
  #call(layer: KerasLayer, inputs: readonly string[], index: number): readonly string[] {
    const { name, className, config } = layer
    const own = this.#prefix + name + (index > 0 ? ` (${index + 1})` : '')
    const outputs = models.includes(className)
      ? new Layers(this.#builder, `${own}/`, this.#depth + 1, this.#text).add(
          { class_name: className, config },
          inputs,
          layer.place,
        )
      : [own]
    if (!models.includes(className)) {
      const place = this.#span(layer.place)
      const call = {
        type: className,
        domain: 'keras',
        name: own,
        place,
        inputs,
        outputs,
        builder: this.#builder,
        config,
      }
      addBy(layers, call)
    }
    outputs.forEach((value, output) => {
      this.#values.set(keyOf({ layer: name, call: index, output }), value)
    })
    return outputs
  }

  /** A place in the file. */
  #span(place: Span | undefined): Span | undefined {
    const { offset = 0 } = this.#text ?? {}
    return place && { begin: offset + place.begin, end: offset + place.end }
  }

  #value(reference: OutputReference): string {
    return this.#values.get(keyOf(reference)) ?? `${this.#prefix}${reference.layer}`
  }
}

const keyOf = ({ layer, call, output }: OutputReference): string => `${call}:${output}:${layer}`

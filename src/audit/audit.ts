import type { SourceLike } from '../bytes/source.ts'
import { frameworks } from '../conventions/rows/frameworks.ts'
import type { Filling } from '../conventions/step.ts'
import type { Pads } from '../geometry/index.ts'
import { readModel } from '../models/read-model.ts'
import { frameworkOfModel, inputsOf, type Model } from '../network/model.ts'
import type { Written } from '../network/spatial-node.ts'
import { operatorsOf, unknownOperators } from '../network/unknown.ts'
import type { Lean } from './family.ts'
import { type Finding, type NodePlace, placeOf, type Severity, severities } from './finding.ts'
import type { RuleName } from './follows.ts'
import { type NetworkLayer, type WorkedOut, workedOutOf } from './layer.ts'
import { type AuditOptions, type Network, networkOf, type Style } from './network.ts'
import { rules } from './rules/index.ts'
import { windowText } from './sentences.ts'

/** One axis of a node: what its padding resolves to. Undefined is what the file does not tell. */
export interface AxisReport {
  /** Cells of the input, before a `Pad`. */
  readonly input: number | undefined
  /** The name of a size that is left open. */
  readonly symbol: string | undefined
  readonly padBegin: number | undefined
  readonly padEnd: number | undefined
  readonly output: number | undefined
}

/** One spatial node: what is written, and what comes of it. */
export interface NodeReport extends NodePlace {
  readonly index: number
  readonly opType: string
  /** `3x3 stride 2`. */
  readonly window: string
  readonly written: Written
  /** The pads of the `Pad` that feeds it. */
  readonly pad: readonly Pads[] | undefined
  /** What stands in the padding, where that is anything but plain zeros or what a pool leaves out. */
  readonly fillings: readonly Filling[]
  /** Padding that the model works out from the size itself; undefined where there is none. */
  readonly workedOut: WorkedOut | undefined
  readonly axes: readonly AxisReport[]
  /**
   * `TensorFlow SAME` or `PyTorch symmetric` where it speaks for that family, `both` or `neither`; another rule's name;
   * `rounded up` or `both sides alike` for what PyTorch can pad too; where the size is open, `SAME at some sizes`.
   */
  readonly family: string
  /** Every rule that pads like this: at its size, or at every size where that is open. */
  readonly follows: readonly RuleName[]
  /** The family that it speaks for, if it can tell them apart. */
  readonly lean: Lean | undefined
  /** Whether it pads like TensorFlow SAME, but at some sizes only. */
  readonly isSameAtSome: boolean
  /** Why something is not known, or what is refused. */
  readonly reason: string | undefined
}

/** The answer of `audit`. */
export interface Audit {
  /** The format of its file, as people call it; of a model that a single format read, the framework whose words it has. */
  readonly format: string
  readonly producer: string
  /** How many operators its graph has, apart from those in subgraphs and functions. */
  readonly operators: number
  /** Operators that samepad does not know, of which no window can be seen. */
  readonly unknownOperators: readonly string[]
  /** Version of ONNX's own operator set; undefined for other formats. */
  readonly opset: number | undefined
  /** Bytes of the file. */
  readonly size: number
  /** Names and shapes, those that were given in their place. */
  readonly inputs: readonly {
    readonly name: string
    readonly shape: readonly (number | string | undefined)[] | undefined
  }[]
  readonly nodes: readonly NodeReport[]
  /** The family of padding that the nodes speak for; `either` where none of them tells. */
  readonly style: Style
  readonly votes: { readonly 'tf-same': number; readonly symmetric: number }
  /** The worst first. */
  readonly findings: readonly Finding[]
}

/**
 * Audits the padding of a model: what each node that slides a window does, by which rule, and what is wrong with it.
 *
 * @param source a model that was read, or what `readModel` takes
 * @param options shapes of inputs that the file leaves open, and the rule by which it is expected to pad
 * @throws SamepadError when it is no model of a known format, or `inputs` do not fit
 */
export async function audit(source: Model | SourceLike, options: AuditOptions = {}): Promise<Audit> {
  return auditModel(await modelOf(source), options)
}

/** The same of a model that was read, by whichever reader: an application of one format then has no part of the others. */
export function auditModel(model: Model, options: AuditOptions = {}): Audit {
  return auditNetwork(networkOf(model, options))
}

/** A model as it is, or read. */
export async function modelOf(source: Model | SourceLike): Promise<Model> {
  return typeof source === 'object' && source !== null && 'graph' in source ? source : readModel(source)
}

/** Audits a network that was looked at already. */
export function auditNetwork(network: Network): Audit {
  const { model, layers, style, votes } = network
  const { framework, format = framework === undefined ? 'ONNX' : frameworks[framework].name } = model
  return {
    format,
    operators: operatorsOf(model),
    unknownOperators: unknownOperators(model),
    producer: [model.producerName, model.producerVersion].filter(Boolean).join(' '),
    opset: framework === undefined ? model.opsets.get('') : undefined,
    size: model.size,
    inputs: inputReports(network),
    nodes: layers.map(reportOf),
    ...{ style, votes },
    findings: findingsOf(network),
  }
}

function inputReports({ model, inputs }: Network): Audit['inputs'] {
  return inputsOf(model).map(({ name, shape }) => ({ name, shape: Object.hasOwn(inputs, name) ? inputs[name] : shape }))
}

function findingsOf(network: Network): Finding[] {
  const framework = frameworkOfModel(network.model)
  const speaking = rules.filter(({ only = framework }) => only === framework)
  const all = speaking.flatMap((rule) =>
    [...rule.check(network)].map(({ layer, place, message, severity = rule.severity, fix }): Finding => {
      return { rule: rule.name, severity, node: layer ? placeOf(layer) : place, message, fix }
    }),
  )
  const rank = ({ severity }: { readonly severity: Severity }): number => severities.indexOf(severity)
  return all.sort((a, b) => rank(a) - rank(b))
}

/** What is to be said of a layer. */
export function reportOf(layer: NetworkLayer): NodeReport {
  const { spatial, axes, fillings, family, follows, lean, isSameAtSome } = layer
  return {
    ...placeOf(layer),
    ...{ opType: spatial.node.opType, window: windowText(layer), written: spatial.written, pad: spatial.pad?.pads },
    axes: axes.map(({ input, symbol, pads, output }) => {
      return { input, symbol, padBegin: pads?.[0], padEnd: pads?.[1], output }
    }),
    ...{ fillings, workedOut: workedOutOf(spatial), family, follows, lean, isSameAtSome, reason: spatial.reason },
  }
}

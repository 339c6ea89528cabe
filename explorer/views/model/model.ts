import type { Op } from 'samepad/geometry'
import type { Audit, Finding, NodeReport } from 'samepad/models'
import { grouped } from '../../../src/words/groups.ts'
import { shortNames } from '../../../src/words/network.ts'
import type { RuleText } from './messages.ts'

// An audit as what the page shows, worked out without a page.

/** A size that the file leaves open, perhaps at several places. */
export interface OpenSize {
  /** Its name in the file, or the input and the axis. */
  readonly name: string
  readonly places: readonly (readonly [input: string, axis: number])[]
}

type Inputs = Audit['inputs']

/** The sizes that a reader may give, each once. */
export function openSizes(inputs: Inputs): OpenSize[] {
  const open = inputs.flatMap(({ name: input, shape = [] }) =>
    shape.flatMap((size, axis) => (typeof size === 'number' ? [] : [{ input, axis, name: nameOf(input, size, axis) }])),
  )
  return [...grouped(open, ({ name }) => name)].map(([name, list]) => ({
    name,
    places: list.map(({ input, axis }) => [input, axis] as const),
  }))
}

const nameOf = (input: string, size: string | undefined, axis: number): string => size || `${input}, axis ${axis}`

/**
 * The shapes of the inputs for which all sizes are known or given; an open size of the first axis, of which several may
 * go through a network at once, is 1 where it is not given.
 */
export function givenShapes(inputs: Inputs, given: Readonly<Record<string, number>>): Record<string, number[]> {
  const shapes: Record<string, number[]> = {}
  for (const { name, shape } of inputs) {
    const sizes = shape?.map((size, axis) => (typeof size === 'number' ? size : given[nameOf(name, size, axis)]))
    if (!sizes || sizes.every((size, axis) => size === shape![axis])) continue
    const full = sizes.map((size, axis) => size ?? (axis === 0 ? 1 : undefined))
    if (full.every((size) => size !== undefined)) shapes[name] = full
  }
  return shapes
}

/** Findings of one rule. */
export interface Kind {
  readonly rule: RuleText
  readonly findings: readonly Finding[]
}

/** Findings by rule, the worst rule first. */
export function kindsOf(findings: readonly Finding[], rules: readonly RuleText[]): Kind[] {
  const kinds = grouped(findings, ({ rule }) => rule)
  return [...kinds].map(([name, list]) => ({ rule: rules.find((rule) => rule.name === name)!, findings: list }))
}

/** A line of the table of nodes. */
export interface NodeRow {
  /** Its name without what all names begin with. */
  readonly name: string
  readonly node: NodeReport
  readonly window: string
  readonly input: string
  readonly pads: string
  readonly output: string
  /** Whether something was found about it. */
  readonly found: boolean
}

/**
 * The table of nodes.
 *
 * @param all every node, not only those that tell two families apart or of which something was found
 */
export function rowsOf({ nodes, findings }: Audit, all: boolean): NodeRow[] {
  const names = shortNames(nodes.map(({ name }) => name))
  const found = new Set(findings.flatMap(({ node }) => node?.index ?? []))
  return nodes.flatMap((node, index) => {
    const has = found.has(node.index)
    if (!all && !node.lean && !has) return []
    const { axes, opType, window } = node
    const row: NodeRow = {
      ...{ name: names[index], node, found: has },
      window: `${opType} ${window}`,
      input: sizesText(axes.map(({ input, symbol }) => input ?? symbol)),
      pads: alike(axes.map(({ padBegin, padEnd }) => (padBegin === undefined ? '?' : `${padBegin}, ${padEnd}`))),
      output: sizesText(axes.map(({ output }) => output)),
    }
    return [row]
  })
}

/** What would stand at most nodes: it is said once. */
export function oftenSaid(rows: readonly NodeRow[]): { readonly reason: string; readonly count: number } | undefined {
  const reasons = grouped(
    rows.flatMap(({ node }) => node.reason ?? []),
    (reason) => reason,
  )
  const [most] = [...reasons].sort(([, a], [, b]) => b.length - a.length)
  return most && most[1].length > 2 ? { reason: most[0], count: most[1].length } : undefined
}

const sizesText = (sizes: readonly (number | string | undefined)[]): string =>
  sizes.map((size) => size ?? '?').join(' x ') || '?'

/** One text where all axes have the same. */
const alike = (texts: readonly string[]): string =>
  new Set(texts).size === 1 ? texts[0] : texts.map((text) => `(${text})`).join(' ') || '?'

/** What a mended file is called. */
export const mendedName = (name: string): string => name.replace(/(\.[^.]*)?$/, '.fixed$1')

const ops: Readonly<Record<string, Op>> = {
  Conv: 'conv',
  ConvTranspose: 'convTranspose',
  MaxPool: 'maxPool',
  AveragePool: 'averagePool',
}

/** A node as the layer of other views, beside TensorFlow's rule; undefined where they have no such operation. */
export function layerOf({ opType, window, axes }: NodeReport) {
  const op = ops[opType]
  const [, kernels] = /^(\d+(?:x\d+)*)/.exec(window) ?? []
  if (!op || !kernels) return undefined
  const pair = (text: string | undefined): [number, number] => {
    const [one = 1, two = one] = (text ?? '1').split('x').map(Number)
    return [one, two]
  }
  const [kernel, kernel2] = pair(kernels)
  const [stride, stride2] = pair(/stride (\d+(?:x\d+)*)/.exec(window)?.[1])
  const [dilation, dilation2] = pair(/dilation (\d+(?:x\d+)*)/.exec(window)?.[1])
  const [down, across = down] = axes
  const own = [down, across].map(({ padBegin, padEnd }) =>
    padBegin === undefined || padEnd === undefined ? undefined : `${padBegin},${padEnd}`,
  )
  const pads = own.every((one) => one !== undefined) ? [`onnx p${own[0] === own[1] ? own[0] : own.join('x')}`] : []
  return {
    ...{ op, kernel, kernel2, stride, stride2, dilation, dilation2 },
    ...(down?.input && { input: down.input }),
    ...(across?.input && { width: across.input }),
    rules: [...pads, 'tf same'],
    output: 0,
  }
}

import { gridsOf } from '../audit/grids/grids.ts'
import type { SourceLike } from '../bytes/source.ts'
import { everyRule } from '../conventions/rows/index.ts'
import { SamepadError, Verbatim } from '../geometry/error.ts'
import { applyEdits } from '../models/edit.ts'
import { readAgain, readModel } from '../models/read-model.ts'
import { type Followed, follow } from '../network/followed.ts'
import { type Dimension, inputsOf, labelOf, type Model, type Node, type Opening, type Shape } from '../network/model.ts'
import type { Scope } from '../network/scope.ts'
import { walk } from '../network/walk.ts'
import { allNumbers, numbersOf } from '../operators/fact.ts'
import { isMixed, marksOf } from './marks.ts'
import { orderOf, targetOf } from './reshape-targets.ts'

const STAGE = 'fix'

/** A node that is written otherwise. */
export interface OpenedNode {
  readonly name: string
  readonly before: string
  readonly after: string
}

/** A model that takes any size, as far as that can be. */
export interface OpenedSizes {
  /** The file as it is to be written. */
  readonly bytes: Uint8Array
  /** The inputs' shapes in it: open sizes have names. */
  readonly inputs: Readonly<Record<string, Shape>>
  readonly changes: readonly OpenedNode[]
  /** What still holds for one size, with the reason as a clause. */
  readonly left: readonly { readonly name: string; readonly reason: string }[]
}

/** What is written at a time lets the next nodes be followed; a file has few that depend on each other. */
const MOST_ROUNDS = 16

type Shapes = Readonly<Record<string, readonly number[]>>

/**
 * Opens height and width of a model that was exported for one size: targets of Resize become factors, Reshapes that only move an
 * axis of one become Transpose, others take their sizes from what they read. The result is read again: at the old size all
 * outputs have their shapes, and at twice that size every node can run, or is named.
 *
 * @param source what `readModel` takes, of ONNX; its bytes are held in memory
 * @throws SamepadError where the format is not rewritten so, or where no axis is one along which windows slide
 */
export async function openSizes(source: SourceLike): Promise<OpenedSizes> {
  const first = await readModel(source)
  const shapes = shapesOf(first)
  const axes = Object.entries(shapes).flatMap(([input, shape]) => {
    const grids = gridsOf(first, shapes)
    return shape.flatMap((_, axis) => (grids.role(input, axis)?.kind === 'spatial' ? [{ input, axis }] : []))
  })
  if (axes.length === 0)
    throw new SamepadError(STAGE, 'windows must slide along an axis of an input', new Verbatim('none'))
  let bytes = await applyEdits(source, [])
  const changes: OpenedNode[] = []
  for (let round = 0; round < MOST_ROUNDS; round++) {
    const model = round === 0 ? first : await readAgain(first, bytes)
    if (!model.reopen)
      throw new SamepadError(
        STAGE,
        'sizes must be those of a format that is opened (ONNX)',
        new Verbatim(model.format ?? 'another'),
      )
    const { opening, told } = plan(model, shapes, axes)
    if (told.length + opening.values.length + opening.stale.length === 0)
      return { bytes, changes, ...checked(first, model, shapes, axes) }
    bytes = await applyEdits(bytes, model.reopen(opening))
    changes.push(...told)
  }
  throw new SamepadError(STAGE, `sizes must be open after ${MOST_ROUNDS} rounds`, changes.length)
}

interface OpenAxis {
  readonly input: string
  readonly axis: number
}

/** The shapes that the file gives, or 1 where a batch is open. */
function shapesOf(model: Model): Shapes {
  const entries = inputsOf(model).map(({ name, shape }) => {
    const sizes = shape?.map((size, axis) => (typeof size !== 'number' && axis === 0 ? 1 : size))
    const numbers = allNumbers(sizes)
    if (numbers) return [name, numbers] as const
    throw new SamepadError(
      STAGE,
      shape
        ? `the sizes of ${name} must be numbers; there is nothing to open`
        : `the file must give the shape of ${name}`,
      new Verbatim(`[${shape?.map(String) ?? ''}]`),
    )
  })
  return Object.fromEntries(entries)
}

/** Names of sizes, by how many are open. */
const names: Readonly<Record<number, readonly string[]>> = {
  1: ['length'],
  2: ['height', 'width'],
  3: ['depth', 'height', 'width'],
}

function opened(shapes: Shapes, axes: readonly OpenAxis[]): Record<string, Dimension[]> {
  const isOne = new Set(axes.map(({ input }) => input)).size === 1
  return Object.fromEntries(
    Object.entries(shapes).map(([input, shape]) => {
      const own = axes.filter((one) => one.input === input)
      const open = names[own.length] ?? own.map(({ axis }) => `size${axis}`)
      const sizes = shape.map((size, axis): Dimension => {
        const place = own.findIndex((one) => one.axis === axis)
        return place < 0 ? size : isOne ? open[place] : `${input}_${open[place]}`
      })
      return [input, sizes]
    }),
  )
}

/** What is to be written otherwise, as far as cells can be followed. */
function plan(model: Model, shapes: Shapes, axes: readonly OpenAxis[]): { opening: Opening; told: OpenedNode[] } {
  const whole = follow(model, shapes)
  const isOpen = opennessOf(whole, axes)
  const open = opened(shapes, axes)
  const scope = walk(model, open, everyRule)
  const told: OpenedNode[] = []
  const lists = {
    resizes: [] as Opening['resizes'][number][],
    transposes: [] as Opening['transposes'][number][],
    reshapes: [] as Opening['reshapes'][number][],
  }
  for (const { node } of whole.nodes) {
    const [from, to] = [node.inputs[0], node.outputs[0]].map((value) => whole.scope.fact(value)?.shape)
    const [before, after] = [allNumbers(from), allNumbers(to)]
    const baked = before && after && isOpen(node.inputs[0]).some(Boolean) && bakedIn(node, scope)
    if (!baked) continue
    const change = (text: string): void =>
      void told.push({ name: labelOf(node), before: `${node.opType} to ${baked.join('x')}`, after: text })
    if (node.opType === 'Resize') {
      const scales = after.map((size, axis) => size / before[axis])
      // Other factors are rounded, and so would be the sizes that follow from them.
      if (!scales.every((scale) => Number.isInteger(scale) || Number.isInteger(1 / scale))) continue
      lists.resizes.push({ node, scales })
      change(`by ${scales.join('x')}`)
      continue
    }
    const order = orderOf(before, after)
    const target = targetOf(before, after, isOpen(node.inputs[0]))
    if (order) lists.transposes.push({ node, order })
    else if (target && String(target) !== String(baked)) lists.reshapes.push({ node, target })
    else continue
    change(order ? `Transpose ${order.join(',')}` : `to ${(target as readonly number[]).join('x')}`)
  }
  return { opening: { ...lists, ...valuesOf(model, open, whole.scope, isOpen) }, told }
}

/** The sizes that a node was told, where they follow from no size of an input. */
function bakedIn(node: Node, open: Scope): readonly number[] | undefined {
  const at = node.opType === 'Resize' ? 3 : node.opType === 'Reshape' ? 1 : undefined
  const value = at === undefined ? undefined : node.inputs[at]
  return value ? numbersOf(open.fact(value)) : undefined
}

/** Along which axes of a value cells of open axes lie, as far as they can be followed. */
function opennessOf(whole: Followed, axes: readonly OpenAxis[]): (value: string) => readonly boolean[] {
  const all = axes.map(({ input, axis }) => marksOf(whole, input, axis, false))
  return (value) => {
    const rank = whole.scope.fact(value)?.shape?.length ?? 0
    return Array.from({ length: rank }, (_, axis) =>
      all.some((marks) => {
        const mark = marks.of(value)[axis]
        return mark !== undefined && !isMixed(mark)
      }),
    )
  }
}

/** Shapes of inputs and outputs, and what the file says of values whose sizes are open. */
function valuesOf(
  { graph }: Model,
  open: Readonly<Record<string, Shape>>,
  scope: Scope,
  isOpen: (value: string) => readonly boolean[],
): Pick<Opening, 'values' | 'stale'> {
  const inputs = graph.inputs.flatMap((info) =>
    Object.hasOwn(open, info.name) ? [{ info, shape: open[info.name] }] : [],
  )
  const outputs = graph.outputs.flatMap((info) => {
    const shape = scope.fact(info.name)?.shape
    if (!shape || !isOpen(info.name).some(Boolean)) return []
    return [{ info, shape: shape.map((size, axis) => (isOpen(info.name)[axis] ? `${info.name}_${axis}` : size)) }]
  })
  const changed = [...inputs, ...outputs].filter(({ info, shape }) => String(info.shape) !== String(shape))
  const stale = graph.values.filter(({ name }) => isOpen(name).some(Boolean))
  return { values: changed, stale }
}

/** Holds the result against the original, at the old size and at twice that. */
function checked(
  before: Model,
  after: Model,
  shapes: Shapes,
  axes: readonly OpenAxis[],
): Pick<OpenedSizes, 'inputs' | 'left'> {
  const [old, same] = [before, after].map((model) => follow(model, shapes))
  for (const { name } of before.graph.outputs) {
    const [expected, found] = [old, same].map(({ scope }) => scope.fact(name)?.shape)
    if (String(expected) === String(found)) continue
    throw new SamepadError(STAGE, `output ${name} must stay [${expected}] at the old size`, new Verbatim(`[${found}]`))
  }
  const doubled = Object.fromEntries(
    Object.entries(shapes).map(([input, shape]) => {
      const isOpen = (axis: number): boolean => axes.some((one) => one.input === input && one.axis === axis)
      return [input, shape.map((size, axis) => (isOpen(axis) ? 2 * size : size))]
    }),
  )
  const left = follow(after, doubled).conflicts.map(({ name, message }) => ({ name, reason: message }))
  const isOpen = opennessOf(same, axes)
  const scope = walk(after, opened(shapes, axes), everyRule)
  for (const { node } of same.nodes) {
    const baked = isOpen(node.inputs[0]).some(Boolean) ? bakedIn(node, scope) : undefined
    const isTold = baked?.some((size, axis) => isOpen(node.inputs[0])[axis] && size > 0)
    if (isTold)
      left.push({
        name: labelOf(node),
        reason: `${node.opType} to ${baked?.join('x')} is no whole factor of what it reads`,
      })
  }
  return { inputs: opened(shapes, axes), left }
}

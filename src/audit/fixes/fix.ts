import { isSameFunction } from '../../analysis/same-function.ts'
import type { SourceLike } from '../../bytes/source.ts'
import type { Setting } from '../../conventions/setting.ts'
import { isRejected, solve } from '../../conventions/solve.ts'
import { SamepadError, Verbatim } from '../../geometry/error.ts'
import { checkChoice, checkOptions } from '../../geometry/options.ts'
import { applyEdits } from '../../models/edit.ts'
import { readAgain } from '../../models/read-model.ts'
import { type Edit, inputsOf, type Model, type Node } from '../../network/model.ts'
import type { SpatialOptions } from '../../network/spatial-node.ts'
import { padsText } from '../../words/network.ts'
import { areAlike, surroundedAxis } from '../alike.ts'
import { type Audit, auditNetwork, modelOf } from '../audit.ts'
import { sampleSizes, withoutMaximum } from '../decide.ts'
import { sizeless } from '../explicit-pads.ts'
import { type NodePlace, placeOf } from '../finding.ts'
import { foldOf } from '../fold.ts'
import type { NetworkLayer } from '../layer.ts'
import { type Network, networkOf } from '../network.ts'
import { layerPads } from '../sentences.ts'
import type { PlannedRewrite } from './planned.ts'
import { asNumbers, type RewritePlan, type Target, targets } from './targets.ts'

/** Options of `fix`. */
export interface FixOptions extends SpatialOptions {
  /** Rewrite all padding to this, instead of mending what the audit finds. */
  readonly to?: Target | undefined
  /** Mend also where the model does not compute the same afterwards. Default: false. */
  readonly unsafe?: boolean | undefined
}

/** A node that is written otherwise. */
export interface Change extends NodePlace {
  /** How its padding is written before and after. */
  readonly before: string
  readonly after: string
  /** Whether a `Pad` was taken out. */
  readonly folded: boolean
  /** Whether it computes the same: at every size, at the sizes that were given, or not. */
  readonly same: 'always' | 'at this size' | 'no'
}

/** What is to be done to a model. */
export interface FixPlan {
  readonly edits: readonly Edit[]
  readonly changes: readonly Change[]
  /** What is to be changed by hand, in a file of a format that is not rewritten. */
  readonly byHand: readonly Change[]
  /** What could not be rewritten, with the reason as a clause. */
  readonly skipped: readonly (NodePlace & { readonly reason: string })[]
}

/** The answer of `fix`. */
export interface Fixed extends FixPlan {
  /** The file as it is to be written: the very same bytes where there are no changes. */
  readonly bytes: Uint8Array
  /** The audit of these bytes. */
  readonly audit: Audit
}

const STAGE = 'fix'

/**
 * Mends what the audit of a model finds, or rewrites its padding. Bytes that are not about padding stay as they are,
 * and the result is read and checked again before it is returned: what should compute the same does, all else is as it
 * was. Nothing is written anywhere.
 *
 * @param source what `readModel` takes; its bytes are held in memory
 * @param options without `to` every finding with a safe fix is mended: automatic padding that a runtime does not take
 * becomes numbers, a `Pad` goes into the node behind it
 */
export async function fix(source: SourceLike, options: FixOptions = {}): Promise<Fixed> {
  const network = await networkFor(source, options)
  const plan = planNetwork(network, options)
  const bytes = await applyEdits(source, plan.edits)
  return { ...plan, bytes, audit: await checkNetwork(network, plan, bytes, options) }
}

/**
 * What `fix` would do, without doing it. For a file that is too large to be held in memory: `editedChunks` writes it in
 * pieces, and `checkFix` reads it again.
 */
export async function planFix(source: Model | SourceLike, options: FixOptions = {}): Promise<FixPlan> {
  return planNetwork(await networkFor(source, options), options)
}

/**
 * Reads an edited file and holds it against its plan: what should compute the same does, all else is as it was.
 *
 * @param source the model before the edits
 * @param edited the file with the plan's edits
 * @param options those of the plan
 * @returns the audit of the edited file
 * @throws SamepadError where a node does not do what it should
 */
export async function checkFix(
  source: Model | SourceLike,
  plan: FixPlan,
  edited: SourceLike,
  options: FixOptions = {},
): Promise<Audit> {
  return checkNetwork(await networkFor(source, options), plan, edited, options)
}

async function networkFor(source: Model | SourceLike, options: FixOptions): Promise<Network> {
  checkOptions(STAGE, options, ['inputs', 'to', 'unsafe'])
  if (options.to !== undefined) checkChoice(STAGE, 'to', options.to, Object.keys(targets) as Target[])
  return networkOf(await modelOf(source), { inputs: options.inputs })
}

/** A plan that grows. */
interface Lists {
  readonly edits: Edit[]
  readonly changes: Change[]
  readonly byHand: Change[]
  readonly skipped: FixPlan['skipped'][number][]
  /** What the edits of each part of the file are. */
  readonly written: Map<string, string>
}

function planNetwork(network: Network, options: FixOptions): FixPlan {
  const planned = plansOf(network, options)
  const plan: Lists = { edits: [], changes: [], byHand: [], skipped: [], written: new Map() }
  for (const [node, layers] of byNode(network.layers)) {
    const [layer] = layers
    const plans = layers.map((one) => planned(one))
    const refusal = plans.find((one) => typeof one === 'string') ?? unwritable(node, plans)
    if (refusal !== undefined) plan.skipped.push({ ...placeOf(layer), reason: reasonOf(refusal, network.model) })
    else if (plans[0] !== undefined) add(plan, network.model, layer, plans[0] as PlannedRewrite, options)
  }
  const { edits, changes, byHand, skipped } = plan
  const all = edits.length > 0 ? [...edits, ...(network.model.following?.(edits) ?? [])] : edits
  return { edits: all, changes, byHand, skipped }
}

/** A refusal, with what can be done about it. */
function reasonOf(refusal: string, model: Model): string {
  if (refusal !== sizeless) return refusal
  const isGiven = inputsOf(model).length > 0
  return `${refusal}${isGiven ? ': give the shape of the input' : ', and the file names no input; the exported model has sizes'}`
}

/** Adds a rewrite, as its format writes it, to what is to be done. */
function add(plan: Lists, { respell }: Model, layer: NetworkLayer, rewrite: PlannedRewrite, { to }: FixOptions): void {
  const change = changeOf(layer, rewrite, to === undefined || targets[to].same)
  const edits = respell?.(layer.spatial, rewrite)
  if (edits === undefined) plan.byHand.push(change)
  else if ('refused' in edits) plan.skipped.push({ ...placeOf(layer), reason: edits.refused })
  else if (edits.length > 0) {
    // Several layers may be written by one text, such as modules that `print` counts.
    const { start, end } = layer.spatial.node.frame
    const [key, own] = [`${start}:${end}`, edits.map(({ begin, end, bytes }) => `${begin}:${end}:${bytes}`).join()]
    const others = plan.written.get(key)
    if (others !== undefined && others !== own) {
      plan.skipped.push({ ...placeOf(layer), reason: 'what is written there stands for other layers too' })
      return
    }
    plan.written.set(key, own)
    if (others === undefined) plan.edits.push(...edits)
    plan.changes.push(change)
  }
}

/** What becomes of each layer: what the target says, or the fixes of the findings. */
function plansOf(network: Network, { to, unsafe = false }: FixOptions): (layer: NetworkLayer) => RewritePlan {
  if (to) return (layer) => targets[to].plan(layer, network.isOpen)
  const actions = new Map<number, 'explicit' | 'fold' | undefined>()
  for (const { node, fix } of auditNetwork(network).findings) {
    if (node?.index === undefined || !fix) continue
    // One finding that asks for care holds for all that is found of the node.
    if (!fix.safe && !unsafe) actions.set(node.index, undefined)
    else if (!actions.has(node.index)) actions.set(node.index, fix.action)
  }
  return (layer) => {
    const action = actions.get(layer.spatial.index)
    if (action === 'explicit') return asNumbers(layer, network.isOpen)
    if (action !== 'fold') return undefined
    const fold = foldOf(layer)
    if (fold === undefined || typeof fold === 'string') return fold
    const { pads: padding, countIncludePad, pad: folded, safe } = fold
    return { padding, countIncludePad, folded, always: true, alters: !safe }
  }
}

/** A function's node is listed for each of its calls. */
function byNode(layers: readonly NetworkLayer[]): Map<Node, NetworkLayer[]> {
  const lists = new Map<Node, NetworkLayer[]>()
  for (const layer of layers) {
    const list = lists.get(layer.spatial.node)
    if (list) list.push(layer)
    else lists.set(layer.spatial.node, [layer])
  }
  return lists
}

function unwritable(node: Node, plans: readonly RewritePlan[]): string | undefined {
  const given = plans.map((plan) =>
    JSON.stringify(typeof plan === 'object' ? [plan.padding, plan.outputPadding] : plan),
  )
  if (new Set(given).size > 1) return 'it lies in a function whose calls need different pads'
  const isReferring = node.attributes.some(({ reference }) => reference !== undefined)
  return plans[0] !== undefined && isReferring ? 'its attributes are those of a call' : undefined
}

function changeOf(layer: NetworkLayer, rewrite: PlannedRewrite, same: boolean): Change {
  const { padding, folded, inFront, always, alters } = rewrite
  const { written, pad } = layer.spatial
  const { autoPad = 'NOTSET' } = written
  const own = autoPad === 'NOTSET' ? 'pads' : autoPad
  const found = layerPads(layer)
  const resolved = found === own ? own : `${own} ${found}`
  const numbers = typeof padding === 'string' ? padding : `pads ${padsText(padding)}`
  return {
    ...placeOf(layer),
    before: folded && pad ? `Pad and ${resolved}` : resolved,
    after: inFront ? `Pad ${padsText(inFront.pads)} and ${numbers}` : numbers,
    folded: folded !== undefined,
    same: !same || alters ? 'no' : always ? 'always' : 'at this size',
  }
}

async function checkNetwork(
  before: Network,
  { changes, edits }: FixPlan,
  edited: SourceLike,
  { to, inputs }: FixOptions,
): Promise<Audit> {
  if (edits.length === 0) return auditNetwork(before)
  const after = networkOf(await readAgain(before.model, edited), { inputs })
  const isSafe = to === undefined || targets[to].same
  const indices = new Set(changes.map(({ index }) => index))
  const changed = new Set(
    before.layers.filter(({ spatial }) => indices.has(spatial.index)).map(({ spatial }) => spatial.node),
  )
  if (after.layers.length !== before.layers.length) {
    throw new SamepadError(STAGE, 'the edited model must have as many nodes that slide a window', after.layers.length)
  }
  before.layers.forEach((layer, index) => {
    const other = after.layers[index]
    const mayMove = changed.has(layer.spatial.node) && !isSafe
    if (mayMove ? isAsLarge(layer, other) : isSame(layer, other)) return
    const must = `${layer.spatial.name} must ${mayMove ? 'keep its output' : 'compute the same'} after the edit`
    throw new SamepadError(STAGE, must, new Verbatim(`pads ${layerPads(layer)} before and ${layerPads(other)} after`))
  })
  return auditNetwork(after)
}

const isAsLarge = (a: NetworkLayer, b: NetworkLayer): boolean =>
  a.axes.every(({ output }, axis) => output === b.axes[axis]?.output)

function isSame(a: NetworkLayer, b: NetworkLayer): boolean {
  return a.axes.every(({ setting, input }, axis) => {
    const other = b.axes[axis]?.setting
    // The size as the file has it, also where it is too large to be looked at itself.
    const cells = input ?? (a.spatial.before.length > 0 ? undefined : a.spatial.axes[axis].input)
    if (setting && other && isSameAt(setting, other, cells)) return true
    const [one, two] = [surroundedAxis(a, axis + 2), surroundedAxis(b, axis + 2)]
    const alike = one && two && areAlike(one, two, cells)
    return alike ?? isSameWindow(a, b, axis)
  })
}

/** Whether the windows are the same, where what stands around them is not known, but stands there as before. */
function isSameWindow(a: NetworkLayer, b: NetworkLayer, axis: number): boolean {
  const [one, other] = [a.spatial.axes[axis], b.spatial.axes[axis]]
  const isMoved = a.spatial.before.length !== b.spatial.before.length
  if (isMoved || !one.setting || !other?.setting) return !isMoved && one.setting === other?.setting
  return isSameAt(one.setting, other.setting, one.input)
}

/** The same function of the input; of a maximum the windows, since a `Pad` of zeros may have been one of nothing. */
function isSameAt(one: Setting, other: Setting, input: number | undefined): boolean {
  const [a, b] = [withoutMaximum(one), withoutMaximum(other)]
  return sampleSizes(a, b, input).every((cells) => {
    const [before, after] = [solve(a, cells), solve(b, cells)]
    return (isRejected(before) && isRejected(after)) || isSameFunction(a, before, b, after)
  })
}

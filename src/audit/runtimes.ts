import { Remembered } from '../analysis/remembered.ts'
import { isSameFunction } from '../analysis/same-function.ts'
import type { Convention } from '../conventions/convention.ts'
import { frameworks } from '../conventions/rows/frameworks.ts'
import { conventionOf, conventions } from '../conventions/rows/index.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import { isCurrent, versionsText } from '../conventions/versions.ts'
import type { SpatialNode } from '../network/spatial-node.ts'
import { compared, isManageable } from './decide.ts'
import type { NetworkLayer } from './layer.ts'

/** What a runtime makes of a node that is not what ONNX says. */
export interface Deviation {
  readonly convention: Convention
  /** The runtime, and its versions where not all do so. */
  readonly runtime: string
  readonly does: 'refuses' | 'misreads'
  readonly why: string
  /** Whether the newest version still does so. */
  readonly isCurrent: boolean
  /** Whether most models are run by it. */
  readonly isCommon: boolean
}

const known = new Remembered<readonly Deviation[]>()

/** What the setting of an axis does not tell of its layer. */
export interface Surroundings {
  /** How many axes the layer has. */
  readonly axes: number
  /** Whether the file leaves its sizes open, perhaps to be given. */
  readonly isOpen: boolean
  /** Version of its operator set. */
  readonly opset: number
}

/**
 * Every runtime that refuses a node or computes something else than the specification, at its size or at others.
 *
 * @param isOpen whether the sizes were given for a file that leaves them open
 */
export function deviationsOf({ spatial }: NetworkLayer, isOpen: boolean): readonly Deviation[] {
  const found = ofNodes[isOpen ? 'open' : 'given'].get(spatial) ?? deviationsOfNode(spatial, isOpen)
  ofNodes[isOpen ? 'open' : 'given'].set(spatial, found)
  return found
}

/** What was found of a node, which several rules ask about. */
const ofNodes = {
  open: new WeakMap<SpatialNode, readonly Deviation[]>(),
  given: new WeakMap<SpatialNode, readonly Deviation[]>(),
}

function deviationsOfNode(spatial: SpatialNode, isOpen: boolean): readonly Deviation[] {
  const axes = spatial.axes.length
  const all = spatial.axes.flatMap(({ setting, input }) =>
    setting && isManageable(setting)
      ? deviationsOfAxis(setting, input, { axes, isOpen: isOpen || input === undefined, opset: spatial.opset })
      : [],
  )
  if (all.length === 0) return none
  return all.filter((one, index) => all.findIndex(({ convention }) => convention === one.convention) === index)
}

const none: readonly Deviation[] = []

/** The same for one axis. */
export function deviationsOfAxis(
  setting: Setting,
  input: number | undefined,
  around: Surroundings,
): readonly Deviation[] {
  return known.get(JSON.stringify([setting, input, around]), () => along(setting, input, around))
}

function along(setting: Setting, input: number | undefined, { axes, isOpen, opset }: Surroundings): Deviation[] {
  const { padding: word, framework: own } = conventionOf(setting.convention)
  if (!frameworks[own].isReadByOthers) return []
  const rows = readersOf(setting.op, word).filter(({ only = {} }) => {
    const isSized = (only.axes ?? axes) === axes && (only.sizes === undefined || isOpen)
    return isSized && (only.opset ?? 0) <= opset
  })
  return rows.flatMap((convention): Deviation[] => {
    const theirs = { ...setting, convention: convention.id }
    const found = input === undefined ? atManySizes(setting, theirs) : atSize(setting, theirs, input)
    const { framework, versions, fault } = convention
    // A rule without a fault is one of the framework's layers, which its reader of files asks for in its own words.
    const why = found?.rejected ?? (found && fault?.what)
    if (!found || why === undefined) return []
    const { name, readsOnnx } = frameworks[framework]
    const range = versionsText(convention)
    const runtime = `${name}${range ? ` (${range})` : ''}`
    const does = found.rejected === undefined ? 'misreads' : 'refuses'
    return [{ convention, runtime, does, why, isCurrent: isCurrent(versions), isCommon: readsOnnx === 'most' }]
  })
}

/** The rows of what reads ONNX files for an operation and a word for padding. */
function readersOf(op: Setting['op'], word: string): readonly Convention[] {
  const key = `${op} ${word}`
  const found =
    readers.get(key) ??
    conventions.filter(({ framework, ops, padding }) => {
      return frameworks[framework].readsOnnx && ops.includes(op) && padding === word
    })
  readers.set(key, found)
  return found
}

const readers = new Map<string, readonly Convention[]>()

/** The reason of a refusal, none for other numbers; undefined where a runtime does as it should. */
type Difference = { readonly rejected?: string } | undefined

function atSize(spec: Setting, theirs: Setting, input: number): Difference {
  const [wanted, done] = [solve(spec, input), solve(theirs, input)]
  if (isRejected(wanted) || (isRejected(done) && done.outside)) return undefined
  if (isRejected(done)) return { rejected: done.rejected }
  return isSameFunction(spec, wanted, theirs, done) ? undefined : {}
}

/** Small inputs that no network meets do not count: the difference must show on whole classes of sizes. */
function atManySizes(spec: Setting, theirs: Setting): Difference {
  const found = compared(spec, theirs)
  const differing = found?.residues.find(({ equal }) => !equal)
  if (!found || !differing) return undefined
  const { horizon, modulus } = found
  const first = horizon + 1
  return atSize(spec, theirs, first + ((differing.residue - (first % modulus) + modulus) % modulus))
}

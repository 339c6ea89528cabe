import { isSameFunction } from '../analysis/same-function.ts'
import type { Convention } from '../conventions/convention.ts'
import { frameworks } from '../conventions/rows/frameworks.ts'
import { conventionOf, conventions } from '../conventions/rows/index.ts'
import type { Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import { isCurrent, versionsText } from '../conventions/versions.ts'
import { compared, isManageable } from './decide.ts'
import type { Layer } from './layer.ts'

/** Runtimes that read ONNX models; the rows of all other frameworks speak of layers, not of files. */
const readers = ['onnxruntime', 'onnxruntime-web', 'openvino', 'tensorrt', 'onnx-tensorrt', 'tract', 'rten', 'wonnx']

/** What a runtime makes of a node that is not what ONNX says. */
export interface Deviation {
  readonly convention: Convention
  /** The runtime, and its versions where not all do so. */
  readonly runtime: string
  readonly does: 'refuses' | 'misreads'
  readonly why: string
  /** Whether the newest version still does so. */
  readonly isCurrent: boolean
}

const known = new Map<string, readonly Deviation[]>()
const MOST_KNOWN = 4096

/** Every runtime that refuses a node or computes something else than the specification, at its size or at others. */
export function deviationsOf({ spatial }: Layer): Deviation[] {
  const all = spatial.axes.flatMap(({ setting, input }) =>
    setting && isManageable(setting) ? deviationsOfAxis(setting, input) : [],
  )
  return all.filter((one, index) => all.findIndex(({ convention }) => convention === one.convention) === index)
}

/** The same for one axis. */
export function deviationsOfAxis(setting: Setting, input: number | undefined): readonly Deviation[] {
  const key = JSON.stringify([setting, input])
  if (known.size >= MOST_KNOWN) known.clear()
  const found = known.get(key) ?? along(setting, input)
  known.set(key, found)
  return found
}

function along(setting: Setting, input: number | undefined): Deviation[] {
  const word = conventionOf(setting.convention).padding
  const rows = conventions.filter(({ framework, ops, padding }) => {
    return readers.includes(framework) && ops.includes(setting.op) && padding === word
  })
  return rows.flatMap((convention): Deviation[] => {
    const theirs = { ...setting, convention: convention.id }
    const found = input === undefined ? atManySizes(setting, theirs) : atSize(setting, theirs, input)
    if (!found) return []
    const { framework, versions, fault } = convention
    const range = versionsText(convention)
    const runtime = `${frameworks[framework].name}${range ? ` (${range})` : ''}`
    const why = found.rejected ?? fault?.what ?? 'it computes something else than ONNX says'
    const does = found.rejected === undefined ? 'misreads' : 'refuses'
    return [{ convention, runtime, does, why, isCurrent: isCurrent(versions) }]
  })
}

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

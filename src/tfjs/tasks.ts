import { questionOf, Remembered } from '../analysis/remembered.ts'
import type { KernelAttributes, KernelTensors, LibraryTensor } from './library.ts'
import type { KernelPlanning, KernelRow, KernelShapes, KernelTask } from './task.ts'

/** What a kernel was asked, and the task that answers it. */
interface Asked {
  readonly line: number
  readonly shapes: KernelShapes
  readonly attrs: KernelAttributes
  readonly task: KernelTask | undefined
}

const none: KernelAttributes = {}

/** How many lines of the latest questions there are, a power of two, and how many questions a line has. */
const [LINES, WAYS] = [256, 4]

/**
 * The tasks of a kernel, by shapes and attributes. A model asks the same ones in each run: what is asked is compared with what was
 * asked lately, since to write it as a text takes longer than many a program.
 */
export class Tasks {
  readonly #row: KernelRow
  readonly #planning: KernelPlanning
  readonly #asked: Remembered<Asked>
  readonly #lines: Asked[][] = Array.from({ length: LINES }, () => [])

  constructor(row: KernelRow, planning: KernelPlanning) {
    this.#row = row
    this.#planning = planning
    this.#asked = new Remembered<Asked>({
      dropped: ({ line, task }) => {
        this.#lines[line] = []
        task?.release?.()
      },
    })
  }

  /** The task of tensors and attributes; undefined where samepad has none. */
  find(tensors: KernelTensors, attrs: KernelAttributes = none): KernelTask | undefined {
    const line = lineOf(tensors)
    if (line === undefined) return undefined
    const latest = this.#lines[line]
    for (const asked of latest) if (isAsked(asked, tensors, attrs)) return asked.task
    const shapes = shapesOf(tensors)
    const asked = this.#asked.get(questionOf([shapes, attrs]), () => {
      // A copy, since lists of numbers are the caller's, who may change them.
      const own: Pick<Asked, 'shapes' | 'attrs'> = structuredClone({ shapes, attrs })
      return { line, ...own, task: this.#row.plan(own.shapes, own.attrs, this.#planning) }
    })
    const others = this.#lines[line].filter((one) => one !== asked)
    this.#lines[line] = [asked, ...others.slice(0, WAYS - 1)]
    return asked.task
  }

  release(): void {
    for (const { task } of this.#asked.answers()) task?.release?.()
    this.#asked.clear()
    for (const line of this.#lines) line.length = 0
  }
}

/** Where the latest questions with such shapes are; undefined where a tensor has no elements, or others than float32. */
function lineOf(tensors: KernelTensors): number | undefined {
  let hash = 0
  for (const name in tensors) {
    const tensor = tensors[name]
    if (!tensor) continue
    if (tensor.dtype !== 'float32') return undefined
    for (const size of tensor.shape) {
      if (size === 0) return undefined
      hash = (Math.imul(hash, 31) + size) | 0
    }
  }
  return (hash ^ (hash >>> 8) ^ (hash >>> 16)) & (LINES - 1)
}

export function shapesOf(tensors: KernelTensors): KernelShapes {
  const shapes: Record<string, readonly number[]> = {}
  for (const name in tensors) {
    const tensor = tensors[name]
    if (tensor) shapes[name] = tensor.shape
  }
  return shapes
}

function isAsked({ shapes, attrs: known }: Asked, tensors: KernelTensors, attrs: KernelAttributes): boolean {
  for (const name in tensors) if (!isOfShape(tensors[name], shapes[name])) return false
  for (const name in shapes) if (!tensors[name]) return false
  return isEqual(known, attrs)
}

function isOfShape(tensor: LibraryTensor | undefined, shape: readonly number[] | undefined): boolean {
  if (!tensor || !shape) return !tensor && !shape
  return isEqual(tensor.shape, shape)
}

/** Whether two values of plain data are the same. */
function isEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let index = 0; index < a.length; index++) if (!isEqual(a[index], b[index])) return false
    return true
  }
  const [left, right] = [a as Record<string, unknown>, b as Record<string, unknown>]
  for (const name in left) if (!isEqual(left[name], right[name])) return false
  for (const name in right) if (left[name] === undefined && right[name] !== undefined) return false
  return true
}

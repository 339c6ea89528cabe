import type { Setting } from '../conventions/setting.ts'
import { labelOf, type Model } from '../network/model.ts'
import { traceModel } from '../network/spatial-nodes.ts'
import { allAgree, hasSay } from './agreement.ts'
import type { InputAxes } from './input-axes.ts'
import { axisOf } from './layer.ts'

/** Why a model does not run: the first node that cannot. */
export interface Refusal {
  readonly name: string
  readonly opType: string
  /** What must hold, and the sizes that there are instead. */
  readonly message: string
}

/** What came of one size for each axis. */
export interface Trial {
  /** Undefined where nothing keeps the model from running. */
  readonly refusal: Refusal | undefined
  /** Cells along each axis of a window that has a say in which convention it follows; undefined where not known. */
  readonly cells: readonly (number | undefined)[]
}

/** One axis of a window that has a say. */
export interface Voter {
  readonly name: string
  readonly opType: string
  readonly node: number
  readonly axis: number
  readonly setting: Setting
}

/** Nodes that are walked through in all: a second or two. */
const MOST_NODES = 150_000
/** The least and the most sizes that are tried. */
const [LEAST_TRIALS, MOST_TRIALS] = [8, 8192]

/** Tries sizes on a model, as many as a moment is enough for. */
export class SizeTrials {
  /** How many sizes are tried at most. */
  readonly most: number
  readonly #model: Model
  readonly #axes: InputAxes
  readonly #known = new Map<string, Trial>()
  readonly #onProgress: (done: number, most: number) => void
  #voters: readonly Voter[] | undefined
  /** The name of a window whose size is not known although those of the inputs are. */
  #unknown: string | undefined

  constructor(model: Model, axes: InputAxes, onProgress: (done: number, most: number) => void) {
    this.#model = model
    this.#axes = axes
    this.#onProgress = onProgress
    const nodes = [model.graph, ...model.functions].reduce((sum, body) => sum + nodesIn(body), 1)
    this.most = Math.min(MOST_TRIALS, Math.max(LEAST_TRIALS, Math.floor(MOST_NODES / nodes)))
  }

  /** Trials that are left. */
  get left(): number {
    return this.most - this.#known.size
  }

  get voters(): readonly Voter[] {
    return this.#voters ?? []
  }

  get unknown(): string | undefined {
    return this.#unknown
  }

  /** Tries one size for each axis. */
  at(sizes: readonly number[]): Trial {
    const key = sizes.join()
    const found = this.#known.get(key)
    if (found) return found
    const trial = this.#try(sizes)
    this.#known.set(key, trial)
    this.#onProgress(this.#known.size, this.most)
    return trial
  }

  #try(sizes: readonly number[]): Trial {
    const { nodes, conflicts } = traceModel(this.#model, { inputs: this.#axes.shapes(sizes) })
    const [first] = conflicts
    if (first) {
      const { name, message, node } = first
      return { refusal: { name, opType: node.opType, message }, cells: [] }
    }
    if (!this.#voters) {
      const known = nodes.filter(({ isSkipped }) => !isSkipped)
      const open = known.find(({ axes }) => axes.length === 0 || axes.some(({ input }) => input === undefined))
      this.#unknown = open?.name
      this.#voters = known.flatMap((node) =>
        node.axes.flatMap((_, axis): Voter[] => {
          const { setting } = axisOf(node, axis)
          const { opType } = node.node
          return setting && hasSay(setting)
            ? [{ name: labelOf(node.node), opType, node: node.index, axis, setting }]
            : []
        }),
      )
    }
    return { refusal: undefined, cells: this.#voters.map(({ node, axis }) => axisOf(nodes[node], axis).input) }
  }

  readonly #agreed = new Map<string, boolean>()

  /** Whether all conventions agree on a window of so many cells. */
  agrees({ setting }: Voter, cells: number): boolean {
    const key = JSON.stringify([setting, cells])
    const known = this.#agreed.get(key)
    if (known !== undefined) return known
    const agrees = allAgree(setting, cells)
    this.#agreed.set(key, agrees)
    return agrees
  }
}

function nodesIn({ nodes }: Pick<Model['graph'], 'nodes'>): number {
  return nodes.reduce((sum, { attributes }) => {
    const graphs = attributes.flatMap(({ graph, graphs = [] }) => (graph ? [graph, ...graphs] : graphs))
    return sum + 1 + graphs.reduce((inside, graph) => inside + nodesIn(graph), 0)
  }, 0)
}

import type { UnsupportedNode } from 'samepad/graph'
import type { NumberedFile } from '../../../components/last-read.ts'
import type { Pixels } from '../../picture/paint.ts'
import type { Face } from '../../story/messages.ts'
import type { OutputReport } from './outputs.ts'
import type { FitName, OrderName, Padding, PaddingName, PhotoSize, Scaling, ScalingName } from './state.ts'

// What the page and the worker that runs a model tell each other.

export interface Order {
  readonly scaling: ScalingName
  readonly fit: FitName
  readonly colours: OrderName
  readonly versus: PaddingName
  /** The size to which the photo is cut and scaled; by default that of the file. */
  readonly pixels: PhotoSize | undefined
  /** Sizes that were typed for what the file leaves open, by name. */
  readonly dims: Readonly<Record<string, number>>
}

export interface Request extends Order {
  readonly id: number
  readonly model: NumberedFile
  readonly photo: NumberedFile
}

/** A layer that pads otherwise in the second run. */
export interface ChangedLayer {
  readonly name: string
  readonly before: string
  readonly after: string
}

/** Milliseconds of the first run, which plans and compiles, and of later ones. */
export interface Times {
  readonly first: number
  readonly steady: number
}

/** What came of both runs. */
export interface Ran {
  /** The photo as the network got it. */
  readonly photo: Pixels
  readonly input: { readonly name: string; readonly shape: readonly number[] }
  /** Further inputs, which got 1 everywhere. */
  readonly others: readonly string[]
  readonly scaling: Scaling
  readonly fit: FitName
  readonly colours: OrderName
  /** How the scaling was seen; undefined where it was asked for. */
  readonly why: string | undefined
  readonly padding: Padding
  readonly changes: readonly ChangedLayer[]
  /** Layers that could not be changed, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[]
  /** Of the model as it is, and of the other one where there is another. */
  readonly times: readonly [own: Times, other: Times | undefined]
  readonly outputs: readonly OutputReport[]
  /** What both runs found, in pixels of the input, where the model is one that finds faces. */
  readonly faces: readonly [Face, Face] | undefined
}

export interface Reply {
  readonly id: number
  readonly ran?: Ran
  /** Nodes that samepad does not run. */
  readonly unsupported?: readonly UnsupportedNode[]
  /** Why there is nothing to show. */
  readonly refusal?: string
}

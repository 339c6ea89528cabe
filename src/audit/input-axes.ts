import { SamepadError, Verbatim } from '../geometry/error.ts'
import { inputsOf, type Model } from '../network/model.ts'
import { grouped } from '../words/groups.ts'
import { gridsOf, type Role } from './grids/grids.ts'

/** A dimension of a model's input. */
export interface InputDimension {
  readonly input: string
  /** Its place in the shape. */
  readonly axis: number
}

/** Dimensions of inputs that have one size: one, or all that the file gives the same name. */
export interface InputAxis {
  /** `height`, `width`, `length`, `depth` where windows slide along it; else its name in the file, or `x[1]`. */
  readonly name: string
  readonly dimensions: readonly InputDimension[]
  /** The name of the size in the file, where it is open. */
  readonly symbol: string | undefined
  /** The size that was given, or that the file says. */
  readonly given: number | undefined
  /** Whether the file leaves it open. */
  readonly isOpen: boolean
}

/** A model's inputs: the axes whose sizes are in question, and a size for every other dimension. */
export interface InputAxes {
  readonly axes: readonly InputAxis[]
  /** The shapes of all inputs, for a size of each axis. */
  readonly shapes: (sizes: readonly number[]) => Record<string, readonly number[]>
}

const spatialNames: readonly (readonly string[])[] = [['length'], ['height', 'width'], ['depth', 'height', 'width']]

/** The name of a dimension of an input. */
export function axisName(role: Role | undefined, symbol: string | undefined, { input, axis }: InputDimension): string {
  if (role?.kind === 'spatial') return spatialNames[role.of - 1]?.[role.index] ?? `axis ${role.index}`
  return symbol ?? `${input}[${axis}]`
}

/** The most axes whose sizes are in question. */
const MOST_AXES = 6

/**
 * The axes of a model's inputs whose sizes are in question: those along which windows slide, and where there are none
 * such, those that the file leaves open.
 *
 * @param given shapes by the name of the input
 * @throws SamepadError where not even the number of an input's dimensions is known
 */
export function inputAxes(model: Model, given: Readonly<Record<string, readonly number[]>>): InputAxes {
  const grids = gridsOf(model, given)
  const found = inputsOf(model).flatMap(({ name, shape }) => {
    const known = Object.hasOwn(given, name) ? given[name] : shape
    if (!known) throw new SamepadError('sizes', `the shape of ${name} must be given`, new Verbatim('none'))
    return known.map((size, axis) => ({ size, said: shape?.[axis], role: grids.role(name, axis), input: name, axis }))
  })
  const slid = found.filter(({ role }) => role?.kind === 'spatial')
  const open = found.filter(({ said, role }) => typeof said !== 'number' && role === undefined)
  const groups = [...grouped(slid.length > 0 ? slid : open, sizeKey).values()]
  if (groups.length > MOST_AXES) {
    throw new SamepadError('sizes', `at most ${MOST_AXES} sizes of inputs must be open`, groups.length)
  }
  const axes = groups.map((group): InputAxis => {
    const { size, said, role, input, axis } = group[0]
    const symbol = typeof said === 'string' ? said : undefined
    const given = typeof size === 'number' && size > 0 ? size : undefined
    const dimensions = group.map(({ input, axis }) => ({ input, axis }))
    const name = axisName(role, symbol, { input, axis })
    return { name, dimensions, symbol, given, isOpen: typeof said !== 'number' }
  })
  const others = found.map((one) => ({ ...one, at: groups.findIndex((group) => group.includes(one)) }))
  const shapes = (sizes: readonly number[]): Record<string, readonly number[]> => {
    const made: Record<string, number[]> = {}
    for (const { input, axis, at, size, role } of others) {
      made[input] ??= []
      made[input][axis] = at >= 0 ? sizes[at] : otherSize(size, role)
    }
    return made
  }
  return { axes: distinctNames(axes), shapes }
}

/** A size for a dimension that is not in question. */
function otherSize(size: number | string | undefined, role: Role | undefined): number {
  if (typeof size === 'number' && size > 0) return size
  return role?.kind === 'channels' ? (role.needed ?? 1) : 1
}

interface Found extends InputDimension {
  readonly size: number | string | undefined
  readonly said: number | string | undefined
  readonly role: Role | undefined
}

/** Dimensions of one name are one. */
const sizeKey = ({ said, axis, input }: Found): string => (typeof said === 'string' ? said : `\0${axis} ${input}`)

/** Names of which there are several get the input in front. */
function distinctNames(axes: readonly InputAxis[]): InputAxis[] {
  return axes.map((axis) => {
    const isOnly = axes.filter(({ name }) => name === axis.name).length === 1
    return isOnly ? axis : { ...axis, name: `${axis.dimensions[0].input} ${axis.name}` }
  })
}

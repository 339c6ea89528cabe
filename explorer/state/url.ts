import { SamepadError } from 'samepad/geometry'
import { groups, viewNames } from '../views/states.ts'
import { messageOf } from './message.ts'
import type { Group, Part, ValuesOf } from './part.ts'

// The whole state as a link's hash, and back: `#/one-axis?input=9&rules=tf+same;pytorch+p1`. What is as it was at first
// is not written, so that links stay short.

type Intersection<U> = (U extends unknown ? (of: U) => void : never) extends (of: infer I) => void ? I : never
type AllParts = Intersection<(typeof groups)[number]['parts']>

export type ViewName = (typeof viewNames)[number]
export type PartName = keyof AllParts & string
/** Everything that the page shows: the view, and the values of all views, so that none is lost on the way to another. */
export type State = ValuesOf<AllParts> & { readonly view: ViewName }

const parts = Object.assign({}, ...groups.map((group) => group.parts)) as Record<PartName, Part<unknown>>
const names = Object.keys(parts) as PartName[]

/** What the page shows when nobody asks for anything else. */
export const initial = {
  view: viewNames[0],
  ...Object.fromEntries(names.map((name) => [name, parts[name].initial])),
} as unknown as State

/** The text of a part's value, as a field shows it. */
export const write = (state: State, name: PartName): string => parts[name].write(state[name])

/**
 * The state after a field was changed.
 *
 * @throws SamepadError where the text means nothing, or nothing together with the other values
 */
export function change(state: State, name: PartName, text: string): State {
  const changed = { ...state, [name]: parts[name].read(text) }
  checkTogether(changed)
  return changed
}

function checkTogether(state: State): void {
  for (const { check } of groups as readonly Group[]) check?.(state)
}

/** The hash of a state. */
export function print(state: State): string {
  const said = names.filter((name) => write(state, name) !== parts[name].write(parts[name].initial))
  const query = said.map((name) => `${name}=${encode(write(state, name))}`).join('&')
  return `#/${state.view}${query && `?${query}`}`
}

/** The state of a hash. What means nothing is left as it was at first, and complained about. */
export function parse(hash: string): { readonly state: State; readonly complaints: readonly string[] } {
  const complaints: string[] = []
  const [path, query = ''] = hash.replace(/^#?\/?/, '').split(/\?(.*)/s)
  const view = viewNames.find((name) => name === path)
  if (path && !view) complaints.push(`there is no view called '${short(path)}'`)

  let state = { ...initial, view: view ?? initial.view }
  for (const entry of query.split('&').filter(Boolean)) {
    const [name, text = ''] = entry.split(/=(.*)/s)
    if (!names.includes(name as PartName)) complaints.push(`there is no setting called '${short(name)}'`)
    else state = take(state, name as PartName, text, complaints)
  }
  try {
    checkTogether(state)
  } catch (error) {
    complaints.push(messageOf(error))
    state = { ...initial, view: state.view }
  }
  return { state, complaints }
}

const LONGEST = 40
const short = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

function take(state: State, name: PartName, text: string, complaints: string[]): State {
  try {
    const { read, readSome } = parts[name]
    const plain = decode(name, text)
    if (!readSome) return { ...state, [name]: read(plain) }
    const { value, complaints: some } = readSome(plain)
    complaints.push(...some)
    return { ...state, [name]: value }
  } catch (error) {
    complaints.push(messageOf(error))
    return state
  }
}

/** Spaces as +, and the marks that settings are written with as they are: a link should be readable. */
function encode(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll('%3B', ';')
    .replaceAll('%2C', ',')
    .replaceAll('%3A', ':')
    .replaceAll('%2F', '/')
    .replaceAll('%40', '@')
}

function decode(name: string, text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new SamepadError('explorer', `${name} must be written as links are, with %25 for a percent sign`, text)
  }
}

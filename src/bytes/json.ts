import { fileError } from './file-error.ts'

/** What a value of a JSON file must be: a kind, a list of one, or an object by its keys, `*` for any other key. */
export type JsonKind = 'string' | 'number' | 'boolean' | 'text or number' | readonly [JsonKind] | JsonObjectKind
interface JsonObjectKind {
  readonly [key: string]: JsonKind
}

/**
 * A value whose parts are what they must be; null and parts that are not asked for are left out.
 *
 * @throws SamepadError with the path of the first part that is something else
 */
export function checkedJson(stage: string, value: unknown, kind: JsonKind, path = 'the root'): unknown {
  if (value === null || value === undefined) return undefined
  const must = (isRight: boolean, what: string): void => {
    if (!isRight) throw fileError(stage, `${path} must be ${what}`, value)
  }
  if (typeof kind === 'string') {
    must(
      kind.split(' or ').some((one) => typeof value === (one === 'text' ? 'string' : one)),
      `a ${kind}`,
    )
    return value
  }
  if (isList(kind)) {
    must(Array.isArray(value), 'a list')
    const list = value as readonly unknown[]
    return list.map((one, index) => {
      const found = checkedJson(stage, one, kind[0], `${path}[${index}]`)
      if (found === undefined) throw fileError(stage, `${path}[${index}] must be there`, one)
      return found
    })
  }
  must(typeof value === 'object' && !Array.isArray(value), 'an object')
  return Object.fromEntries(
    Object.entries(value as object).flatMap(([key, one]) => {
      const own = Object.hasOwn(kind, key) ? kind[key] : kind['*']
      const found = own && checkedJson(stage, one, own, path === 'the root' ? key : `${path}.${key}`)
      return found === undefined ? [] : [[key, found]]
    }),
  )
}

const isList = (kind: JsonKind): kind is readonly [JsonKind] => Array.isArray(kind)

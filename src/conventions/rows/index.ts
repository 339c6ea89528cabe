import { type Op, SamepadError } from '../../geometry/index.ts'
import type { Convention } from '../convention.ts'
import { includes } from '../versions.ts'
import { apple } from './apple.ts'
import { frameworks } from './frameworks.ts'
import { jax } from './jax.ts'
import { mobile } from './mobile.ts'
import { onnx } from './onnx.ts'
import { others } from './others.ts'
import { pytorch } from './pytorch.ts'
import { readers } from './readers.ts'
import { rust } from './rust.ts'
import { tensorflow } from './tensorflow.ts'

/** Every convention that samepad knows, right ones and known faulty ones. */
export const conventions: readonly Convention[] = [
  ...[...tensorflow, ...pytorch, ...onnx, ...jax, ...apple, ...rust, ...mobile, ...others, ...readers],
]

const byId = new Map(conventions.map((convention) => [convention.id, convention]))

/** The convention of an id. */
export function conventionOf(id: string): Convention {
  const convention = byId.get(id)
  if (!convention) throw new SamepadError('conventions', 'the convention must be one of the known ids', id)
  return convention
}

/** The key of a framework from its key, an alias or its name, in any case. */
export function frameworkOf(word: string): string | undefined {
  const wanted = word.toLowerCase()
  const names = ([key, { name, aliases = [] }]: (typeof entries)[number]): string[] => [
    key,
    name.toLowerCase(),
    ...aliases,
  ]
  return entries.find((entry) => names(entry).includes(wanted))?.[0]
}

const entries = Object.entries(frameworks)

/**
 * The convention that a framework follows for an operation and a word for padding (`same`, `SAME_UPPER`, `explicit`).
 *
 * @param version of the framework; without one, the newest behaviour is meant
 */
export function findConvention(framework: string, op: Op, padding: string, version?: string): Convention | undefined {
  const word = padding.toLowerCase().replaceAll('_', '-')
  const candidates = conventions.filter(
    (one) => one.framework === framework && one.ops.includes(op) && one.padding === word,
  )
  // A row for certain versions says more than one for all of them.
  const applying = candidates.filter(({ versions }) => includes(versions, version))
  return applying.find(({ versions }) => versions !== undefined) ?? applying[0]
}

import type { Op } from '../../geometry/index.ts'
import type { Convention } from '../convention.ts'
import { everyFormula } from '../every-formula.ts'
import { Rulebook } from '../rulebook.ts'
import { apple } from './apple.ts'
import { frameworks } from './frameworks.ts'
import { jax } from './jax.ts'
import { mobile } from './mobile.ts'
import { onnx } from './onnx.ts'
import { onnxruntime } from './onnxruntime.ts'
import { others } from './others.ts'
import { pytorch } from './pytorch.ts'
import { readers } from './readers.ts'
import { rust } from './rust.ts'
import { tensorflow } from './tensorflow.ts'

/** Every convention that samepad knows, right ones and known faulty ones. */
export const conventions: readonly Convention[] = [
  ...[...tensorflow, ...pytorch, ...onnx, ...onnxruntime, ...jax, ...apple, ...rust, ...mobile, ...others, ...readers],
]

/** All of them, with all frameworks. */
export const everyRule = new Rulebook(conventions, frameworks, everyFormula)

/** The convention of an id. */
export const conventionOf = (id: string): Convention => everyRule.of(id)

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
  return everyRule.find(framework, op, padding, version)
}

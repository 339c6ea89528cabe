import { fileError } from '../../bytes/file-error.ts'
import { isObject, type Pickled, type PickledObject } from '../../bytes/pickle.ts'
import type { ModelBuilder } from '../builder.ts'
import { deepest } from '../limits.ts'
import { type AtenArgument, addCall, argumentNames } from './aten.ts'
import { attributeOf, tensorSizes } from './script-data.ts'
import {
  type Expression,
  readExpression,
  type ScriptCode,
  type ScriptFunction,
  type ScriptLine,
} from './script-text.ts'

/** A value while a model's code is followed. What cannot be worked out is undefined. */
type Value =
  | undefined
  | null
  | number
  | boolean
  | string
  | readonly Value[]
  | { readonly tensor: string }
  | { readonly module: PickledObject; readonly path: string }
  | { readonly function: string }
  | { readonly method: string; readonly of: { readonly module: PickledObject; readonly path: string } }

/** The most lines that are followed: a function may call itself. */
const MOST_LINES = 200_000
const DEEPEST = deepest.scriptCalls

const isTensor = (value: Value): value is { readonly tensor: string } =>
  typeof value === 'object' && value !== null && 'tensor' in value

/** Follows a model's code without running it: calls of ATen become nodes, everything else is worked out where it can be. */
export class ScriptRun {
  readonly #code: ScriptCode
  readonly #builder: ModelBuilder
  readonly #shapes = new Map<string, readonly number[]>()
  #lines = 0
  #made = 0
  #path = ''

  constructor(code: ScriptCode, builder: ModelBuilder) {
    this.#code = code
    this.#builder = builder
  }

  main(root: PickledObject): void {
    const forward = this.#code.classes.get(root.className)?.methods.get('forward')
    if (!forward) throw fileError('torchscript', 'the model must have a method forward', root.className)
    const inputs = forward.parameters.slice(1).map((name) => ({ tensor: this.#builder.input(name, undefined) }))
    const result = this.#run(forward, [{ module: root, path: '' }, ...inputs], 0)
    for (const value of Array.isArray(result) ? result : [result])
      if (isTensor(value)) this.#builder.output(value.tensor)
  }

  /** Runs a body until it returns. */
  #run({ parameters, body }: ScriptFunction, given: readonly Value[], depth: number): Value {
    if (depth > DEEPEST) throw fileError('torchscript', `calls must lie at most ${DEEPEST} deep`, depth)
    const scope = new Map<string, Value>(parameters.map((name, index) => [name, given[index] ?? null]))
    return this.#body(body, scope, depth)?.value
  }

  #body(lines: readonly ScriptLine[], scope: Map<string, Value>, depth: number): { readonly value: Value } | undefined {
    for (let index = 0; index < lines.length; index++) {
      if (++this.#lines > MOST_LINES)
        throw fileError('torchscript', `code must have at most ${MOST_LINES} lines`, this.#lines)
      const { text, below } = lines[index]
      const [, returned] = /^return (.*)$/.exec(text) ?? []
      if (returned !== undefined) return { value: this.#value(readExpression(`(${returned})`), scope, depth) }
      const [, condition] = /^if (.*):$/.exec(text) ?? []
      if (condition !== undefined) {
        const other = /^else:$/.test(lines[index + 1]?.text ?? '') ? lines[++index].below : []
        const taken = this.#value(readExpression(condition), scope, depth)
        // What is not known is taken as the code was written: the first branch.
        const result = this.#body(taken === false || taken === null ? other : below, scope, depth)
        if (result) return result
      } else if (below.length === 0) this.#assign(text, scope, depth)
    }
    return undefined
  }

  #assign(text: string, scope: Map<string, Value>, depth: number): void {
    const [, names, expression] = /^([\w, ]+?)(?::[^=]+)? = (.*)$/.exec(text) ?? []
    if (names === undefined) return
    const targets = names
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== '')
    const value = this.#value(readExpression(targets.length > 1 ? `(${expression})` : expression), scope, depth)
    if (targets.length === 1) scope.set(targets[0], value)
    else for (const [index, name] of targets.entries()) scope.set(name, Array.isArray(value) ? value[index] : undefined)
  }

  #value(expression: Expression, scope: Map<string, Value>, depth: number): Value {
    switch (expression.kind) {
      case 'number':
      case 'text':
        return expression.value
      case 'list':
        return expression.entries.map((one) => this.#value(one, scope, depth))
      case 'name':
        return named(expression.name, scope)
      case 'attribute':
        return this.#attribute(this.#value(expression.of, scope, depth), expression.name)
      case 'index': {
        const list = this.#value(expression.of, scope, depth)
        const at =
          expression.at.kind === 'list'
            ? this.#value(expression.at.entries[0] ?? expression.at, scope, depth)
            : undefined
        return Array.isArray(list) && typeof at === 'number' ? list.at(at) : undefined
      }
      case 'call':
        return this.#call(expression, scope, depth)
    }
  }

  #attribute(of: Value, name: string): Value {
    if (typeof of !== 'object' || of === null) return undefined
    if ('function' in of) return { function: `${of.function}.${name}` }
    if (!('module' in of)) return undefined
    const { module, path } = of
    const own = this.#code.classes.get(module.className)
    if (own?.methods.has(name)) return { method: name, of }
    const constant = own?.constants.get(name)
    if (constant) return this.#value(constant, new Map(), 0)
    return this.#pickled(attributeOf(module, name), path === '' ? name : `${path}.${name}`)
  }

  #pickled(value: Pickled | undefined, path: string): Value {
    const sizes = tensorSizes(value)
    if (sizes) {
      this.#shapes.set(path, sizes)
      return { tensor: path }
    }
    if (isObject(value)) {
      // Lists of integers are objects that are built of one.
      return Array.isArray(value.arguments) && Array.isArray(value.arguments[0])
        ? (value.arguments[0] as Value[])
        : { module: value, path }
    }
    return value instanceof Map ? undefined : ((value ?? null) as Value)
  }

  #call(
    { of, arguments: given }: Expression & { readonly kind: 'call' },
    scope: Map<string, Value>,
    depth: number,
  ): Value {
    if (of.kind === 'name' && (of.name === 'annotate' || of.name === 'unchecked_cast')) {
      return this.#value(given[1] ?? given[0], scope, depth)
    }
    if (of.kind === 'name' && of.name === 'getattr' && given[1]?.kind === 'text') {
      return this.#attribute(this.#value(given[0], scope, depth), given[1].value)
    }
    const callee = this.#value(of, scope, depth)
    const values = given.map((one) => this.#value(one, scope, depth))
    if (typeof callee !== 'object' || callee === null) return undefined
    if ('method' in callee) {
      const method = this.#code.classes.get(callee.of.module.className)?.methods.get(callee.method)
      const before = this.#path
      this.#path = callee.of.path
      const result = method && this.#run(method, [callee.of, ...values], depth + 1)
      this.#path = before
      return result
    }
    if (!('function' in callee)) return undefined
    const op = callee.function.replace(/^.*\./, '').replace(/^_(?=max_pool)/, '')
    const own = this.#code.functions.get(callee.function)
    if (own && !argumentNames(op)) return this.#run(own, values, depth + 1)
    return values.some((value) => isTensor(value) || (Array.isArray(value) && value.some(isTensor)))
      ? this.#aten(op, values)
      : computed(op, values)
  }

  #aten(op: string, values: readonly Value[]): Value {
    const output = `${op} ${++this.#made}`
    const names = argumentNames(op) ?? ['self', 'other']
    const found = new Map(names.map((name, index) => [name, argumentOf(values[index])]))
    addCall({
      ...{ op, name: this.#path || output, outputs: [output], builder: this.#builder },
      argument: (name) => found.get(name),
      shapeOf: (value) => this.#shapes.get(value),
    })
    return { tensor: output }
  }
}

function named(name: string, scope: ReadonlyMap<string, Value>): Value {
  if (scope.has(name)) return scope.get(name)
  if (name === 'True' || name === 'False') return name === 'True'
  return name === 'None' ? null : { function: name }
}

/** What a few operators on plain values come to; they decide which branch is taken. */
function computed(op: string, [a, b]: readonly Value[]): Value {
  if (op === '__is__') return a === undefined ? undefined : a === b
  if (op === '__isnot__') return a === undefined ? undefined : a !== b
  if (op === '__not__') return typeof a === 'boolean' ? !a : undefined
  if (op === 'eq') return a === undefined || b === undefined ? undefined : a === b
  if (op === 'len') return Array.isArray(a) ? a.length : undefined
  return undefined
}

function argumentOf(value: Value): AtenArgument | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number') return { number: value }
  if (typeof value === 'boolean') return { bool: value }
  if (typeof value === 'string') return { text: value }
  if (Array.isArray(value)) {
    if (value.length > 0 && value.every(isTensor)) return { values: value.map(({ tensor }) => tensor) }
    return value.every((one) => typeof one === 'number') ? { numbers: value as number[] } : { numbers: undefined }
  }
  return isTensor(value as Value) ? { value: (value as { tensor: string }).tensor } : undefined
}

import { FLOAT, VECTOR } from '../plan/plan.ts'
import type { ReducePlan, ReduceStructure } from '../plan/reduce.ts'
import { folds, type GroupOperand, type Pass } from '../reference/reduce.ts'
import type { Code, Local } from '../wasm/code.ts'
import { ChainWriter } from './chain-writer.ts'
import { masked, shuffle } from './lanes.ts'
import { advance, vectors, vectorsOf, walk } from './loops.ts'
import { emitRun } from './program.ts'
import { SizeNumbers } from './size-numbers.ts'

/** Vectors that are taken together side by side, so that one need not wait for the one before. */
const ABREAST = 4

/** Emits the program of passes over groups: `run(output, tables, ...inputs)`. */
export function emitReduce({ structure }: ReducePlan): Uint8Array<ArrayBuffer> {
  return emitRun([...structure.isSame, 'tables'], (code) => new ReduceEmitter(structure, code).write())
}

/** The addresses of the output and the inputs, by their places in the plan's list. */
type At = Readonly<Record<number, Local>>

/** What earlier passes found, and elements that are the same for all of a row, by their places. */
interface Known {
  readonly results: readonly Local[]
  readonly same?: readonly Local[]
}

class ReduceEmitter {
  readonly #plan: ReduceStructure
  readonly #code: Code
  readonly #chains: ChainWriter
  readonly #sizes: SizeNumbers
  /** Of each pass, as many as are taken side by side. */
  readonly #results: readonly (readonly Local[])[]
  /** Of a row. */
  readonly #sums: readonly Local[]
  /** What is loaded of each tensor. */
  readonly #loaded: readonly Local[]
  readonly #isWritten: boolean

  constructor(plan: ReduceStructure, code: Code) {
    const [, tables] = code.parameters
    this.#plan = plan
    this.#code = code
    this.#sizes = new SizeNumbers(code, tables, plan.numbers)
    this.#chains = new ChainWriter(code, this.#sizes, plan.operands, plan.relaxed)
    this.#results = plan.passes.map(() => vectors(code, ABREAST))
    this.#sums = vectors(code, ABREAST)
    this.#loaded = vectors(code, Math.max(2, plan.isSame.length))
    this.#isWritten = plan.passes.some(({ isWritten }) => isWritten)
  }

  write(): void {
    const [output, , ...inputs] = this.#code.parameters
    this.#groups(0, { ...[output, ...inputs] })
  }

  /** Loops over groups; the innermost ones are lanes where their elements are neighbours. */
  #groups(axis: number, at: At): void {
    const { kept, isInner } = this.#plan
    if (axis === kept.length) this.#group(at)
    else if (axis === kept.length - 1 && !isInner) this.#lanes(at)
    else {
      const { size, steps } = kept[axis]
      const bytes = this.#sizes.steps(Object.fromEntries(steps.entries()))
      walk(this.#code, this.#sizes.of(size), at, bytes, (inner) => this.#groups(axis + 1, inner))
    }
  }

  /** Groups that are lanes: some vectors of them, one, and single ones at the end. */
  #lanes(from: At): void {
    const at = this.#copied(from)
    const groups = (count: number, lanes: number): void => {
      for (const [index, pass] of this.#plan.passes.entries()) {
        const results = this.#results[index].slice(0, count)
        this.#begin(pass, results)
        this.#rows(pass, results, at, (place, sums) => {
          for (const [vector, result] of sums.entries()) {
            const known = { results: this.#results.map((list) => list[vector]) }
            this.#take(pass, result, this.#element(pass, place, vector, lanes, known))
          }
        })
        for (const [vector, result] of results.entries()) {
          this.#finish(pass, result, { results: this.#results.map((list) => list[vector]) })
          if (!this.#isWritten && index === this.#results.length - 1) this.#store(result, at[0], vector, lanes)
        }
      }
      this.#advance(at, count * lanes * FLOAT)
    }
    vectorsOf(this.#code, this.#sizes.variable(this.#plan.kept[this.#plan.kept.length - 1].size), ABREAST, groups)
  }

  /** Loops over the elements of groups that are lanes; what is summed along the innermost of several axes is added at its end. */
  #rows(pass: Pass, results: readonly Local[], from: At, body: (at: At, sums: readonly Local[]) => void): void {
    const { length } = this.#plan.reduced
    if (pass.fold !== 'sum' || length < 2) {
      this.#elements(pass, 0, length, from, (at) => body(at, results))
      return
    }
    const sums = this.#sums.slice(0, results.length)
    this.#elements(pass, 0, length - 1, from, (row) => {
      this.#begin(pass, sums)
      this.#elements(pass, length - 1, length, row, (at) => body(at, sums))
      for (const [vector, result] of results.entries()) this.#take(pass, result, sums[vector])
    })
  }

  /** One group, whose elements are neighbours along the innermost axis. */
  #group(group: At): void {
    const { passes, reduced } = this.#plan
    const [inner] = reduced.slice(-1)
    const results = this.#results.map(([result]) => result)
    for (const [index, pass] of passes.entries()) {
      this.#begin(pass, this.#results[index])
      this.#elements(pass, 0, reduced.length - 1, group, (row) => {
        const at = this.#copied(row)
        const known = { results, same: this.#loadSame(pass, row) }
        vectorsOf(this.#code, this.#sizes.variable(inner.size), ABREAST, (count, lanes) => {
          for (const [vector, result] of this.#results[index].slice(0, count).entries()) {
            const value = this.#element(pass, at, vector, lanes, known)
            this.#take(pass, result, lanes === 1 && pass.fold === 'sum' ? this.#alone(value) : value)
          }
          this.#advance(at, count * lanes * FLOAT)
        })
      })
      this.#together(pass, this.#results[index])
      this.#finish(pass, results[index], { results })
    }
    if (!this.#isWritten) this.#store(results[results.length - 1], group[0], 0, 1)
  }

  /** Loops over some of the axes within groups, with the addresses that a pass needs. */
  #elements(pass: Pass, axis: number, end: number, at: At, body: (at: At) => void): void {
    if (axis >= end) {
      body(at)
      return
    }
    const { size, steps } = this.#plan.reduced[axis]
    const bytes = this.#sizes.steps(Object.fromEntries(this.#used(pass).map((tensor) => [tensor, steps[tensor]])))
    walk(this.#code, this.#sizes.of(size), at, bytes, (inner) => this.#elements(pass, axis + 1, end, inner, body))
  }

  /** The tensors that a pass reads or writes. */
  #used({ steps, from, isWritten }: Pass): number[] {
    const operands = steps.flatMap(({ operands }) => operands)
    const inputs = operands.flatMap((operand) => ('input' in operand ? [operand.input + 1] : []))
    return [...new Set([...(isWritten || from === 'output' ? [0] : []), ...(from === 'input' ? [1] : []), ...inputs])]
  }

  /** An element of each lane, sent through the pass's chain, and written where that is asked for. */
  #element(pass: Pass, at: At, vector: number, lanes: number, { results, same = [] }: Known): Local {
    const load = (tensor: number): Local => {
      if (same[tensor]) return same[tensor]
      const [place, isSame] = this.#plan.isSame[tensor] ? [0, true] : [vector * VECTOR, lanes === 1]
      this.#code.load(this.#loaded[tensor], at[tensor], place, isSame ? 'v128.load32_splat' : 'v128.load')
      return this.#loaded[tensor]
    }
    const value = this.#send(load(pass.from === 'input' ? 1 : 0), pass.steps, results, load)
    if (pass.isWritten) this.#store(value, at[0], vector, lanes)
    return value
  }

  #send(value: Local, steps: Pass['steps'], results: readonly Local[], load: (tensor: number) => Local): Local {
    return this.#chains.send<Exclude<GroupOperand, { readonly number: number }>>(value, steps, (operand) =>
      'input' in operand ? load(operand.input + 1) : results[operand.result],
    )
  }

  /** Loads of the tensors that a pass takes beside the value those elements that are the same for all of a row. */
  #loadSame(pass: Pass, row: At): Local[] {
    const same: Local[] = []
    for (const tensor of this.#used(pass).filter((tensor) => this.#plan.isSame[tensor])) {
      this.#code.load(this.#loaded[tensor], row[tensor], 0, 'v128.load32_splat')
      same[tensor] = this.#loaded[tensor]
    }
    return same
  }

  #store(value: Local, at: Local, vector: number, lanes: number): void {
    if (lanes === 1) this.#code.store(value, at, 0, 'v128.store32_lane', 0)
    else this.#code.store(value, at, vector * VECTOR)
  }

  #begin({ fold }: Pass, results: readonly Local[]): void {
    if (!fold) return
    for (const result of results) this.#code.get(this.#chains.arithmetic.constant(folds[fold].none)).set(result)
  }

  #take({ fold }: Pass, result: Local, value: Local): void {
    if (!fold) return
    const { arithmetic } = this.#chains
    this.#code.get(arithmetic[fold === 'sum' ? 'add' : fold](result, value)).set(result)
  }

  /** Takes vectors together, and their lanes, so that every lane of the first has what there is. */
  #together(pass: Pass, [first, ...others]: readonly Local[]): void {
    if (!pass.fold) return
    for (const other of others) this.#take(pass, first, other)
    for (const lanes of [
      [2, 3, 0, 1],
      [1, 0, 3, 2],
    ]) {
      shuffle(this.#code.get(first).get(first), lanes)
      this.#take(pass, first, this.#pop())
    }
  }

  #finish({ finish = [] }: Pass, result: Local, { results }: Known): void {
    const never = (): Local => result
    if (finish.length > 0) this.#code.get(this.#send(result, finish, results, never)).set(result)
  }

  /** Zeros in all lanes but the first. */
  #alone(value: Local): Local {
    masked(this.#code.get(value), { begin: 0, end: 1 })
    return this.#pop()
  }

  /** What is on the stack as a variable. */
  #pop(): Local {
    const [value] = vectors(this.#code, 1)
    this.#code.set(value)
    return value
  }

  /** Variables that move on while others keep the addresses. */
  #copied(from: At): At {
    return Object.fromEntries(
      Object.entries(from).map(([tensor, address]) => {
        const local = this.#code.local('i32')
        this.#code.get(address).set(local)
        return [tensor, local]
      }),
    )
  }

  /** Moves on along the innermost axis. */
  #advance(at: At, bytes: number): void {
    for (const [tensor, isSame] of this.#plan.isSame.entries()) if (!isSame) advance(this.#code, at[tensor], bytes)
  }
}

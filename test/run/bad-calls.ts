import { describe, expect, it } from 'vitest'
import { maxPool, resolve, SamepadError, type Tensor } from '../../src/index.ts'

// Calls that are wrong, and what is said of them.

export const zeros = (...shape: number[]): Tensor => {
  return { data: new Float32Array(shape.reduce((product, size) => product * size, 1)), shape }
}

export const x = zeros(1, 6, 7, 5)
export const w = zeros(4, 6, 3, 2)
export const pooled = (options: object): unknown => maxPool(x, { kernel: 3, ...options })
export const solved = (options: object): unknown => resolve({ input: 5, kernel: 3, ...options })

/** A sparse list of two: nothing, then the value. */
export function holes(value: unknown): Wrong {
  const list = new Array(2)
  list[1] = value
  return list
}

/** What is wrong, the call, and the whole message. */
export type Bad = [what: string, call: () => unknown, message: string]
// biome-ignore lint/suspicious/noExplicitAny: these calls are wrong on purpose, some of them in their types.
export type Wrong = any

/** Each call must throw an error with the whole message. */
export function refuses(name: string, list: readonly Bad[]): void {
  describe(name, () => {
    it.each(list)('%s', (_, call, message) => {
      let thrown: unknown
      try {
        call()
      } catch (error) {
        thrown = error
      }
      expect(thrown).toBeInstanceOf(SamepadError)
      expect((thrown as SamepadError).message).toBe(message)
    })
  })
}

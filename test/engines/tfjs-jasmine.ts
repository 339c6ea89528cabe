import { isDeepStrictEqual } from 'node:util'

// As much of Jasmine as TensorFlow.js's own tests of convolutions and pools ask for; they are bundled with it.

/** A test that was declared. */
interface Declared {
  readonly name: string
  readonly body: () => unknown
  readonly before: readonly (() => unknown)[]
}

/** All tests, in order. */
export const declared: Declared[] = []
let path: string[] = []
let before: (() => unknown)[] = []

export function describe(name: string, body: () => void): void {
  const [outerPath, outerBefore] = [path, before]
  path = [...path, name]
  body()
  path = outerPath
  before = outerBefore
}

export const ALL_ENVS = {}

export function describeWithFlags(name: string, _: object, body: (environment: object) => void): void {
  describe(name, () => body({ name: 'test', backendName: 'test', isDataSync: true }))
}

export function it(name: string, body: () => unknown): void {
  declared.push({ name: [...path, name].join(': '), body, before })
}

export function beforeEach(body: () => unknown): void {
  before = [...before, body]
}

const must = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

/** Typed arrays and lists of the same numbers are equal, as they are there with the library's own way to compare. */
export function expect(actual?: unknown) {
  return {
    nothing() {},
    toBe: (wanted: unknown) => must(Object.is(actual, wanted), `${actual} is not ${wanted}`),
    toEqual: (wanted: unknown) => must(isDeepStrictEqual(actual, wanted), `${actual} does not equal ${wanted}`),
    toThrowError(wanted?: RegExp | string) {
      let message: string | undefined
      try {
        ;(actual as () => unknown)()
      } catch (error) {
        message = error instanceof Error ? error.message : String(error)
      }
      must(message !== undefined, 'nothing was thrown')
      if (wanted instanceof RegExp) must(wanted.test(message ?? ''), `${message} does not match ${wanted}`)
      if (typeof wanted === 'string') must(message === wanted, `${message} is not ${wanted}`)
    },
  }
}

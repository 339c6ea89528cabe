import { type Axis, isRejected, type Setting, type Solved, solve, type Window } from '../../src/geometry.ts'

// Windows of all shapes on the small grid, solved.

export type Shape = Omit<Window, 'input'>

export const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
export const shapes: Shape[] = upTo(7).flatMap((kernel) =>
  upTo(5).flatMap((stride) => upTo(4).map((dilation) => ({ kernel, stride, dilation }))),
)
export const setting = (convention: string, { kernel, stride, dilation }: Shape): Setting => ({
  ...{ convention, kernel, stride, dilation },
  op: convention.includes('transposed') ? 'convTranspose' : 'conv',
})

export function axisOf(convention: string, window: Window): Axis {
  return solved(setting(convention, window), window.input).axis
}

export function solved(one: Setting, input: number): Solved {
  const outcome = solve(one, input)
  if (isRejected(outcome)) throw new Error(`${JSON.stringify(one)} refuses ${input}: ${outcome.rejected}`)
  return outcome
}

export const isOdd = (value: number): boolean => value % 2 === 1

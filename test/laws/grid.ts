import type { Window } from '../../src/geometry/index.ts'

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)

/** Every window with input <= 24, kernel <= 7, stride <= 5 and dilation <= 4: small enough to try them all. */
export const grid: readonly Window[] = upTo(24).flatMap((input) =>
  upTo(7).flatMap((kernel) =>
    upTo(5).flatMap((stride) => upTo(4).map((dilation) => ({ input, kernel, stride, dilation }))),
  ),
)

/** The options of `resolve` for one axis. */
export const along = ({
  input,
  kernel,
  stride,
  dilation,
}: Window): { input: number; kernel: number; strides: number; dilations: number } => ({
  input,
  kernel,
  strides: stride,
  dilations: dilation,
})

/** The windows of a list that break a law: empty when it holds, short enough to read when it does not. */
export function breaking<T>(list: readonly T[], law: (item: T) => boolean): T[] {
  return list.filter((item) => !law(item)).slice(0, 5)
}

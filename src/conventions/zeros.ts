import { type Axis, effectiveKernel } from '../geometry/index.ts'

/** Whether pooling sees padding cells as zeros; `asked` is the caller's `countIncludePad`. */
const zeros = {
  never: { text: '', maximum: false, average: () => false },
  always: { text: 'pools see padding as zeros', maximum: true, average: () => true },
  optional: {
    text: 'averages count padding if asked to',
    maximum: false,
    average: (asked?: boolean) => asked ?? false,
  },
  'unless declined': {
    text: 'averages count padding unless told not to',
    maximum: false,
    average: (asked?: boolean) => asked ?? true,
  },
  'unless declined, or uneven': {
    text: 'averages count padding unless told not to, and always where it is uneven',
    maximum: false,
    average: (asked: boolean | undefined, { padBegin, padEnd }: Axis) => padBegin !== padEnd || (asked ?? true),
  },
} as const

/** How far the zeros go at the end. */
const ends = {
  padding: { text: '', of: ({ padEnd }: Axis) => padEnd },
  tail: {
    text: 'counted padding goes on to the end of the last window',
    of: (axis: Axis) => Math.max(axis.padEnd, reach(axis)),
  },
  nowhere: { text: 'counted padding is that at the start alone', of: () => 0 },
} as const

/** How far the last window goes past the input. */
const reach = (axis: Axis): number => {
  return (axis.output - 1) * axis.stride - axis.padBegin + effectiveKernel(axis) - axis.input
}

export type Zeros = keyof typeof zeros
export type ZerosEnd = keyof typeof ends
export { ends as zerosEnds, zeros as zerosRules }

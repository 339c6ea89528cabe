import type { Call } from './call.ts'

/** Whether the outputs of a call have nothing below zero. */
export type Sign = (call: Call) => boolean

/** Nothing is below zero, whatever the inputs are. */
export const nonNegative: Sign = () => true

/** Nothing can be said. */
export const anySign: Sign = () => false

/** Nothing is below zero where nothing of the first input is: the values are its own, or sums or means of them. */
export const keepsSign: Sign = ({ inputs: [input] }) => input?.isNonNegative === true

/** Nothing is below zero where nothing of any input is. */
export const keepsSigns: Sign = ({ inputs }) => inputs.every((input) => input?.isNonNegative)

/** One input without anything below zero is enough. */
export const anyKeepsSign: Sign = ({ inputs }) => inputs.some((input) => input?.isNonNegative)

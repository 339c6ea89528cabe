import { choice, group } from '../../state/part.ts'

export const steps = ['1', '2', '3', '4', '5', '6'] as const

/** Where in the story the reader is. */
export const story = group({ step: choice('the step', steps) })

import { everyRule } from './rows/index.ts'
import type { Setting } from './setting.ts'
import { type Outcome, type Solved, solveBy, taken } from './solve-by.ts'

export {
  dropsTail,
  isRejected,
  type Outcome,
  outcomePads,
  type Rejected,
  refusal,
  roundsUp,
  type Solved,
  solvedPads,
  taken,
} from './solve-by.ts'

/**
 * What a setting does with an input of so many cells.
 *
 * @throws SamepadError on an unknown convention, and on sizes that are no exact integers of at least 1
 */
export function solve(setting: Setting, input: number): Outcome {
  return solveBy(everyRule, setting, input)
}

/**
 * What a setting does with an input that it must take.
 *
 * @param must whose input it is: `the setting must take its input`
 * @throws SamepadError where it refuses
 */
export function solveTaken(stage: string, must: string, setting: Setting, input: number): Solved {
  return taken(stage, must, solve(setting, input), input)
}

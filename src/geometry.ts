// The entry `samepad/geometry`: everything that is arithmetic, nothing that computes.

export * from './analysis/index.ts'
export { type ArgumentOrder, type OrderOfPairs, padsFrom, padsTo } from './conventions/argument-orders.ts'
export {
  type Convention,
  type ForwardRule,
  isTransposed,
  type TransposedRule,
  type Versions,
} from './conventions/convention.ts'
export {
  divisor,
  evaluate,
  evaluateRows,
  readingsOf,
  type SolvedSetting,
  type TapReading,
} from './conventions/evaluate.ts'
export { type Formula, type FormulaText, formulaText, type GivenOutput } from './conventions/formula.ts'
export { counts, shares, totals } from './conventions/forward-rules.ts'
export type { Wish } from './conventions/onnx-formulas.ts'
export {
  axesIn,
  formatSetting,
  groupsIn,
  parseChains,
  parseSetting,
  parseSettings,
  type Unsaid,
  type WrittenLayer,
} from './conventions/parse-setting/index.ts'
export { conventionOf, conventions, findConvention, frameworkOf } from './conventions/rows/index.ts'
export type { Setting } from './conventions/setting.ts'
export { isRejected, type Outcome, type Rejected, refusal, type Solved, solve } from './conventions/solve.ts'
export {
  type AnySizeOptions,
  anySizeNodes,
  argumentsOf,
  type Framework,
  type FrameworkArguments,
  frameworks as spelledFrameworks,
  type Groups,
  type OnnxConstant,
  type OnnxNode,
  onnxNodes,
  type Spellable,
  type SpellOptions,
  spell,
  spellAnySize,
  spellable,
  spelledFramework,
  type WeightsOrder,
  weightsOrders,
} from './conventions/spell/index.ts'
export { crops, transposedSizes } from './conventions/transposed-rules.ts'
export { isCurrent, versionsText } from './conventions/versions.ts'
export * from './geometry/index.ts'

export { type AgreeingSizes, agreeingRules, agreeingSizes, type ChainLayer } from './agreeing-sizes.ts'
export { type Comparison, compare, type ResidueComparison } from './compare.ts'
export { type DerivationStep, derive, isEquation } from './derive.ts'
export { type Diagnosis, diagnose, type Explanation, type Observation } from './diagnose.ts'
export {
  diagnoseRows,
  type Rows,
  type RowsDiagnosis,
  type RowsExplanation,
  type RowsObservation,
  type RowsSizes,
} from './diagnose-rows.ts'
export { type EmptyWindows, type EmptyWindowsReport, emptyWindows } from './empty-windows.ts'
export { type LayerPhase, phase, type ReceptiveField, receptiveField } from './phase.ts'
export { isSameFunction, readsAlike } from './same-function.ts'
export { belongs, nearestIn, type SizeSet, sizeSetOf } from './size-set.ts'
export { type Baked, bake, type ResiduePads, type StaticPadding, staticPadding } from './static-padding.ts'
export { type SymmetricRecipe, symmetricRecipe } from './symmetric-recipe.ts'
export { type TransposedOutput, transposedOutputs } from './transposed-outputs.ts'

// The few things that the command line prints and the public entries do not export.

export { isSameFunction } from '../analysis/same-function.ts'
export { isTransposed } from '../conventions/convention.ts'
export { counts, type Formula, shares, totals } from '../conventions/forward-rules.ts'
export { frameworkOf } from '../conventions/rows/index.ts'
export { frameworks as writers } from '../conventions/spell/arguments.ts'
export { crops, fullSize, transposedSizes } from '../conventions/transposed-rules.ts'
export { Finding } from '../geometry/error.ts'

import type { AuditRule } from '../finding.ts'
import { autoPadMisread } from './auto-pad-misread.ts'
import { autoPadRefused } from './auto-pad-refused.ts'
import { autoPadWithPads } from './auto-pad-with-pads.ts'
import { bakedPads } from './baked-pads.ts'
import { cannotRun } from './cannot-run.ts'
import { ceilWindow } from './ceil-window.ts'
import { countedPadding } from './counted-padding.ts'
import { declaredShape } from './declared-shape.ts'
import { emptyWindow } from './empty-window.ts'
import { foldablePad } from './foldable-pad.ts'
import { gridDrift } from './grid-drift.ts'
import { missingFiles } from './missing-files.ts'
import { mixedConventions } from './mixed-conventions.ts'
import { padNotZeroPoint } from './pad-not-zero-point.ts'
import { padsRefused } from './pads-refused.ts'
import { padsRefusedElsewhere } from './pads-refused-elsewhere.ts'
import { remark } from './remark.ts'
import { sameAmongSymmetric } from './same-among-symmetric.ts'
import { stalePads } from './stale-pads.ts'
import { symmetricAmongSame } from './symmetric-among-same.ts'
import { transposedSwap } from './transposed-swap.ts'
import { unexpectedPadding } from './unexpected-padding.ts'
import { unknownOperator } from './unknown-operators.ts'
import { zerosBeforeMax } from './zeros-before-max.ts'

/** Every rule, in the order in which findings are listed. */
export const rules: readonly AuditRule[] = [
  cannotRun,
  unexpectedPadding,
  padsRefused,
  autoPadRefused,
  autoPadWithPads,
  emptyWindow,
  autoPadMisread,
  transposedSwap,
  ceilWindow,
  bakedPads,
  mixedConventions,
  symmetricAmongSame,
  sameAmongSymmetric,
  declaredShape,
  padNotZeroPoint,
  zerosBeforeMax,
  countedPadding,
  foldablePad,
  gridDrift,
  padsRefusedElsewhere,
  stalePads,
  missingFiles,
  remark,
  unknownOperator,
]

/** The rule of a name. */
export const findRule = (name: string): AuditRule | undefined => rules.find((rule) => rule.name === name)

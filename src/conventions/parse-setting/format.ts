import type { Pads } from '../../geometry/index.ts'
import { impliedFill } from '../attributes.ts'
import { isTransposed } from '../convention.ts'
import { conventionOf } from '../rows/index.ts'
import type { Setting } from '../setting.ts'

/** Whether sizes of pools are rounded up where nothing else is said. */
function roundsUpByItself(id: string): boolean {
  const { rule } = conventionOf(id)
  return !isTransposed(rule) && rule.roundsUp === true
}

/** Writes a setting so that `parseSetting` reads it again. */
export function formatSetting(setting: Setting): string {
  const { convention, op, kernel, stride, dilation, pads, padded, fill, ceilMode, countIncludePad } = setting
  const { outputPadding, outputShape, drop, cut, every, trim } = setting
  const sides = ([begin, end]: Pads): string => (begin === end ? `${begin}` : `${begin},${end}`)
  return [
    ...[convention, op, `k${kernel}`, `s${stride}`],
    dilation === 1 ? '' : `d${dilation}`,
    pads ? `p${sides(pads)}` : '',
    padded ? `pad${sides(padded)}` : '',
    fill && fill !== 'constant' && fill !== impliedFill(conventionOf(convention)) ? fill : '',
    ceilMode ? 'ceil' : ceilMode === false && roundsUpByItself(convention) ? 'floor' : '',
    countIncludePad === undefined ? '' : countIncludePad ? 'include' : 'exclude',
    outputPadding === undefined ? '' : `op${outputPadding}`,
    outputShape === undefined ? '' : `out${outputShape}`,
    drop ? `drop${drop}` : '',
    cut ? `cut${cut}` : '',
    every !== undefined && every > 1 ? `every${every}` : '',
    trim ? 'trim' : '',
  ]
    .filter(Boolean)
    .join(' ')
}

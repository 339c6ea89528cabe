import { type Fill, type Op, type Pads, SamepadError } from '../geometry/index.ts'
import { checkInteger } from '../geometry/options.ts'

/** A layer along one axis, in the words of a framework. */
export interface Setting {
  /** Id of a convention. */
  readonly convention: string
  readonly op: Op
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
  /** The padding (or, transposed, the crop), for conventions that take it from the caller. */
  readonly pads?: Pads
  /** Where the values of the padding come from. Default: zeros; pooling ignores padding. */
  readonly fill?: Fill
  /** Pools: let the last window run past the end. */
  readonly ceilMode?: boolean
  /** Averages: let padding count as zeros, where the framework leaves the choice. */
  readonly countIncludePad?: boolean
  readonly outputPadding?: number
  readonly outputShape?: number
  /** Cells written before and after the input beforehand, as by `F.pad`; real cells to what follows. */
  readonly padded?: Pads
  /** Outputs cut off at the start afterwards. */
  readonly drop?: number
  /** Outputs cut off at the end afterwards. */
  readonly cut?: number
  /** Of what is left every so manieth output is kept, the first one on. Default: 1. */
  readonly every?: number
  /** Outputs beyond ceil(input / stride) are cut off at the end afterwards. */
  readonly trim?: boolean
}

/** Cells from the start of one window whose output is kept to the next such one's. */
export const strideOf = ({ stride, every = 1 }: Setting): number => stride * every

/** Checks a setting's numbers, so that no answer is computed from a fraction or a text. */
export function checkSetting(setting: Setting): void {
  const stage = 'setting'
  if (typeof setting !== 'object' || setting === null) {
    throw new SamepadError(stage, 'a setting must be an object (parseSetting makes one of a text)', setting)
  }
  const { kernel, stride, dilation, pads, padded, outputPadding = 0, outputShape = 1 } = setting
  const { drop = 0, cut = 0, every = 1 } = setting
  checkInteger(stage, 'kernel', kernel, 1)
  checkInteger(stage, 'stride', stride, 1)
  checkInteger(stage, 'dilation', dilation, 1)
  checkInteger(stage, 'outputPadding', outputPadding, 0)
  checkInteger(stage, 'outputShape', outputShape, 1)
  checkInteger(stage, 'drop', drop, 0)
  checkInteger(stage, 'cut', cut, 0)
  checkInteger(stage, 'every', every, 1)
  for (const pair of [pads, padded]) {
    if (pair === undefined || (Array.isArray(pair) && pair.length === 2 && pair.every(Number.isSafeInteger))) continue
    throw new SamepadError(stage, 'pads must be two integers, begin and end', pair)
  }
}

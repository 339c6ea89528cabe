import { type FollowAxes, mixingRest } from './axes.ts'
import { blockStep, unblockStep } from './axis-step.ts'
import { repeated, sideBySide, spread } from './joining.ts'
import { byLetters, rowsStay } from './multiplying.ts'
import { gathered, sliced, summed } from './picking.ts'
import { picked, reduced, sorted } from './reducing.ts'
import { laidOut, squeezed, transposed, unsqueezed } from './reshaping.ts'
import { blocked, padded, pooled, resized } from './resizing.ts'

/**
 * Where the cells along each axis of the outputs come from, by operators, where `cells` of their rows does not say it. It is not a
 * column of the rows, so that an application that only runs models does not ship it.
 */
export const cellSources: Readonly<Record<string, FollowAxes | undefined>> = {
  ...{ Transpose: transposed, Squeeze: squeezed, Unsqueeze: unsqueezed, Reshape: laidOut },
  Flatten: mixingRest('lays all cells in a row'),

  Concat: sideBySide(1, () => true),
  // The scale and the zero point of the output, then each input with its own.
  QLinearConcat: sideBySide(1, (input) => input % 3 === 2),
  Split: sideBySide(0, (input) => input === 0),
  ...{ Expand: spread, Tile: repeated },

  ...{ Gather: gathered, Slice: sliced, CumSum: summed, CumProd: summed },

  ...{ ReduceSum: reduced, ReduceMean: reduced, ReduceMax: reduced, ReduceMin: reduced, ReduceProd: reduced },
  ...{
    ReduceL1: reduced,
    ReduceL2: reduced,
    ReduceLogSum: reduced,
    ReduceLogSumExp: reduced,
    ReduceSumSquare: reduced,
  },
  ...{ ArgMax: picked, ArgMin: picked, TopK: sorted },

  ...{ MatMul: rowsStay(), MatMulInteger: rowsStay(), QLinearMatMul: rowsStay(3), FusedMatMul: rowsStay() },
  ...{ Einsum: byLetters, Gemm: mixingRest('multiplies matrices') },

  ...{ Pad: padded, Resize: resized, Upsample: resized },
  ...{ GlobalAveragePool: pooled, GlobalMaxPool: pooled, GlobalLpPool: pooled, QLinearGlobalAveragePool: pooled },
  ...{ DepthToSpace: blocked(unblockStep), SpaceToDepth: blocked(blockStep) },
}

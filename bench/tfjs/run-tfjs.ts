import type { TextStyle } from '../../src/cli/style.ts'
import type { Options } from '../options.ts'
import { runRecorded } from '../recorded.ts'
import { measureLibrary } from './measure-tfjs.ts'
import { isWrongOutput, librarySection, reportLibrary } from './report-tfjs.ts'

/** Times models of TensorFlow.js with its kernels and with samepad's; their section of docs/tfjs.md. */
export const runLibrary = (options: Options, style: TextStyle): Promise<number> =>
  runRecorded(
    {
      ...{ words: ['--tfjs'], measure: measureLibrary, report: reportLibrary, areWrong: isWrongOutput },
      ...{ page: 'tfjs.md', section: 'tfjs', lines: librarySection },
    },
    options,
    style,
  )

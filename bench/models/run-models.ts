import type { TextStyle } from '../../src/cli/style.ts'
import type { Options } from '../options.ts'
import { runRecorded } from '../recorded.ts'
import { measureModels } from './measure-models.ts'
import { areWrong, modelsSection, reportModels } from './report-models.ts'

/** Times whole models; their section of docs/bench.md, and docs/bench-models.json. */
export const runModels = (options: Options, style: TextStyle): Promise<number> =>
  runRecorded(
    {
      ...{ words: ['--models'], measure: measureModels, report: reportModels, areWrong },
      ...{ page: 'bench.md', section: 'models', lines: modelsSection, data: 'bench-models.json' },
    },
    options,
    style,
  )

import type { TextStyle } from '../../src/cli/style.ts'
import type { BenchLayer } from '../layers.ts'
import type { Options } from '../options.ts'
import { runRecorded } from '../recorded.ts'
import { measureGradients } from './measure-gradients.ts'
import { areWrong, gradientsSection, reportGradients } from './report-gradients.ts'

/** Times gradients of layers; their section of docs/bench.md. */
export function runGradients(layers: readonly BenchLayer[], options: Options, style: TextStyle): Promise<number> {
  // Layers of networks; other windows have nothing of their own to tell here.
  const timed = layers.filter(({ set }) => set !== 'shapes')
  return runRecorded(
    {
      ...{ words: ['--gradients', '--layers', options.layers], report: reportGradients, areWrong },
      measure: (_, quick) => measureGradients(timed, quick),
      ...{ page: 'bench.md', section: 'gradients', lines: gradientsSection },
    },
    options,
    style,
  )
}

import { type EmptyWindowsReport, emptyWindows } from '../../analysis/empty-windows.ts'
import type { Setting } from '../../conventions/setting.ts'
import { effectiveKernel } from '../../geometry/index.ts'
import type { Found, Rule } from '../finding.ts'
import { counted, layerPads } from '../sentences.ts'

/** Kernels and pads beyond this many cells are not looked at. */
const MOST_CELLS = 1000

/** Windows that see only padding. */
export const emptyWindow: Rule = {
  name: 'empty-window',
  severity: 'error',
  what: 'windows that see only padding',
  why:
    'The maximum of nothing is minus infinity, its average 0 / 0; runtimes return -3.4e38 or 0 and say nothing. A ' +
    'convolution gives its bias there, which is a warning: padding that keeps the size under a stride does that.',
  example: 'Kernel 3 and stride 2 on 8 cells, padded by 5 so that 8 outputs remain: 3 of them see no cell.',
  fix: 'Pad less: more than the effective kernel less one on a side always makes such windows.',
  fixable: 'no',
  *check({ layers }): Iterable<Found> {
    const known = new Map<string, EmptyWindowsReport>()
    for (const layer of layers) {
      const { op } = layer.spatial
      if (op === 'convTranspose') continue
      const found = layer.axes.map(({ setting, input }) => (setting ? emptyAt(setting, input, known) : undefined))
      const message = found.find((text) => text !== undefined)
      if (message === undefined) continue
      yield { layer, message: `pads ${layerPads(layer)}: ${message}`, severity: op === 'conv' ? 'warning' : 'error' }
    }
  },
}

/** What is to be said of an axis: of its size, or where that is open of whether it happens on sizes of any kind. */
function emptyAt(
  setting: Setting,
  input: number | undefined,
  known: Map<string, EmptyWindowsReport>,
): string | undefined {
  const { pads = [0, 0], padded = [0, 0] } = setting
  if (pads.join() === '0,0' && padded.join() === '0,0' && setting.dilation === 1 && !setting.ceilMode) return undefined
  if (effectiveKernel(setting) + Math.max(...pads) + Math.max(...padded) + setting.stride > MOST_CELLS) return undefined
  const key = JSON.stringify(setting)
  const report = known.get(key) ?? emptyWindows(setting)
  known.set(key, report)
  if (input !== undefined && input <= report.horizon) {
    const at = report.sizes.find((size) => size.input === input)
    return at && `on ${counted(input, 'cell')} ${counted(at.outputs.length, 'window')} of it see only padding`
  }
  return report.beyond ? 'on every size some windows see only padding' : undefined
}

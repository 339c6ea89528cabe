import { emptyWindowsAt } from '../../analysis/empty-windows.ts'
import type { Setting } from '../../conventions/setting.ts'
import { effectiveKernel } from '../../geometry/index.ts'
import { counted } from '../../words/numbers.ts'
import { sampleSizes } from '../decide.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { layerPads } from '../sentences.ts'

/** Kernels and pads beyond this many cells are not looked at. */
const MOST_CELLS = 1000

/** Windows that see only padding. */
export const emptyWindow: AuditRule = {
  name: 'empty-window',
  severity: 'error',
  what: 'windows that see only padding',
  why:
    'The maximum of nothing is minus infinity, its average 0 / 0; runtimes return -3.4e38 or 0 and say nothing. A ' +
    'convolution gives its bias there, which is a warning: padding that keeps the size under a stride does that.',
  example: 'Kernel 3 and stride 2 on 8 cells, padded by 5 so that 8 outputs remain: 3 of them see no cell.',
  fix: 'Pad less: more than the effective kernel less one on a side always makes such windows.',
  fixable: 'no',
  *check({ layers }): Iterable<RuleFinding> {
    const known = new Map<string, string | undefined>()
    for (const layer of layers) {
      const { op } = layer.spatial
      if (op === 'convTranspose') continue
      const found = layer.axes.map(({ setting, input }) => {
        if (!setting) return undefined
        // What a pool finds in the cells of a Pad in front are numbers of the model's own.
        const [own, cells] = op === 'conv' ? [setting, input] : withoutPad(setting, input)
        return emptyAt(own, cells, known)
      })
      const message = found.find((text) => text !== undefined)
      if (message === undefined) continue
      yield { layer, message: `pads ${layerPads(layer)}: ${message}`, severity: op === 'conv' ? 'warning' : 'error' }
    }
  },
}

/** The window alone, on the cells that it reads. */
function withoutPad(setting: Setting, input: number | undefined): [Setting, number | undefined] {
  const { padded, ...own } = setting
  if (!padded) return [setting, input]
  return [own, input === undefined ? undefined : input + padded[0] + padded[1]]
}

/** What is to be said of an axis, worked out once for all that are alike. */
function emptyAt(
  setting: Setting,
  input: number | undefined,
  known: Map<string, string | undefined>,
): string | undefined {
  const { stride, dilation, pads = [0, 0], padded = [0, 0], ceilMode } = setting
  const added = [...pads, ...padded].reduce((sum, cells) => sum + Math.abs(cells), 0)
  if (added === 0 && dilation === 1 && !ceilMode) return undefined
  if (effectiveKernel(setting) + added + stride > MOST_CELLS) return undefined
  const key = JSON.stringify([setting, input])
  if (!known.has(key)) known.set(key, saidOf(setting, input))
  return known.get(key)
}

/** Of its size, or where that is open of whether it happens on sizes of any kind. */
function saidOf(setting: Setting, input: number | undefined): string | undefined {
  const counts = sampleSizes(setting, setting, input).map((size) => emptyWindowsAt(setting, size).length)
  if (counts.every((count) => count === 0)) return undefined
  if (input !== undefined) return `on ${counted(input, 'cell')} ${counted(counts[0], 'window')} of it see only padding`
  return `on ${counts.includes(0) ? 'some sizes' : 'every size'} some windows see only padding`
}

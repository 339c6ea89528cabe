import { type AgreeingSizes, agreeingRules, agreeingSizes, type ChainLayer } from '../../analysis/agreeing-sizes.ts'
import { effectiveKernel } from '../../geometry/index.ts'
import { counted } from '../../words/numbers.ts'
import { attempt } from '../decide.ts'
import type { AuditRule, RuleFinding } from '../finding.ts'
import { follows } from '../follows.ts'
import type { LayerAxis, NetworkLayer } from '../layer.ts'
import type { Network } from '../network.ts'

/** Layers on all ways that are looked at: a network has a few dozen ways of a hundred layers. */
const MOST_LAYERS = 100_000

/** Layers that are solved in search of a size. */
const MOST_TRIES = 300_000

/** How much there is to lose. */
export const gridDrift: AuditRule = {
  name: 'grid-drift',
  severity: 'note',
  what: 'how far the grid would move if TensorFlow SAME and symmetric padding were mistaken for each other',
  why:
    'Each strided layer that pads otherwise moves the grid by a cell of its own input. Such a cell is as wide as all strides before it, ' +
    'so these add up: 1, 3, 7, 15 cells of the input. At some input sizes both rules pad alike, so a mistake does no harm.',
  example: 'Five 3x3 layers of stride 2: 31 cells at 224, none at 225.',
  fix: 'If this is the padding of the training, nothing has to be mended. For a network that must survive conversions, train at one of the sizes that are named.',
  fixable: 'no',
  *check(network): Iterable<RuleFinding> {
    let best: { found: AgreeingSizes; input: number; strided: number } | undefined
    const { chains } = network
    const known = new Set<number>()
    let left = MOST_LAYERS
    for (const end of chains.ends) {
      // Many ways have the same windows.
      if (known.has(chains.kind(end))) continue
      known.add(chains.kind(end))
      left -= chains.length(end)
      if (left < 0) break
      const along = alongEnd(network, end)
      if (along && Math.abs(along.found.drift.symmetric) > Math.abs(best?.found.drift.symmetric ?? 0)) best = along
    }
    if (!best) return
    const { found, input, strided } = best
    const { below, above, drift } = found
    const sizes = [below, above].filter((size) => size !== undefined)
    const cells = counted(Math.abs(drift.symmetric), 'cell')
    const agreeing = sizes.length > 0 ? `at ${sizes.join(' and ')} both pad alike` : 'at no size both pad alike'
    const across = `over ${counted(strided, 'strided layer')} at an input size of ${input}; ${agreeing}`
    // Where layers are padded in two ways, neither rule is what the whole network has now.
    if (network.style === 'mixed') {
      yield { message: `TensorFlow SAME and symmetric padding of all layers lie ${cells} of the input apart ${across}` }
      return
    }
    const other = network.style === 'symmetric' ? 'TensorFlow SAME' : 'symmetric padding'
    yield { message: `${other} instead would move the grid by ${cells} of the input ${across}` }
  },
}

/** The drift on the way to a layer, along the axis where it is largest, if each layer of the way follows one of the two rules. */
function alongEnd(
  { chains }: Network,
  end: NetworkLayer,
): { found: AgreeingSizes; input: number; strided: number } | undefined {
  if (!chains.fromInput(end)) return undefined
  // From a layer on that pads by neither rule, as a last pooling without padding, nothing may tell the two apart.
  const whole = chains.to(end)
  if (whole.some(({ spatial: { op } }) => op === 'convTranspose')) return undefined
  const other = whole.findIndex((layer) => !isRuled(layer))
  const chain = other < 0 ? whole : whole.slice(0, other)
  const telling = whole.findLastIndex(({ lean }) => lean)
  if (telling < 0 || telling >= chain.length) return undefined
  const answers = end.axes.map((_, axis) => alongAxis(chain.map(({ axes }) => axes[axis])))
  return answers.reduce((best, one) => {
    return Math.abs(one?.found.drift.symmetric ?? 0) > Math.abs(best?.found.drift.symmetric ?? 0) ? one : best
  }, undefined)
}

const isRuled = ({ follows }: NetworkLayer): boolean => follows.includes('tf-same') || follows.includes('symmetric')

function alongAxis(axes: readonly (LayerAxis | undefined)[]): ReturnType<typeof alongEnd> {
  const input = axes[0]?.input
  const windows = axes.flatMap((axis): ChainLayer[] => {
    return axis?.setting
      ? [{ kernel: axis.setting.kernel, stride: axis.setting.stride, dilation: axis.setting.dilation }]
      : []
  })
  if (input === undefined || windows.length !== axes.length) return undefined
  // Layers on which both rules are always one neither move the grid nor change its size.
  const telling = windows.filter((window) => window.stride > 1 || !isOneRule(window))
  if (telling.length === 0) return undefined
  const step = telling.reduce((product, { stride }) => product * stride, 1)
  const taps = telling.reduce((sum, window) => sum + effectiveKernel(window), 0)
  if (step * taps * telling.length > MOST_TRIES) return undefined
  const found = attempt(() => agreeingSizes(telling, input))
  return found && { found, input, strided: telling.filter(({ stride }) => stride > 1).length }
}

function isOneRule(window: ChainLayer): boolean {
  const found = follows({ ...window, op: 'conv', convention: agreeingRules.upper }, undefined)
  return found?.always.includes('symmetric') ?? false
}

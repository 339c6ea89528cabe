import { chosen } from '../conventions/rows/chosen.ts'
import { checkSetting, type Setting } from '../conventions/setting.ts'
import { isRejected, solve } from '../conventions/solve.ts'
import { type Axis, effectiveKernel, SamepadError } from '../geometry/index.ts'
import { checkInteger } from '../geometry/options.ts'
import { phase } from './phase.ts'

/** A layer of a chain, its padding left open. */
export interface ChainLayer {
  readonly kernel: number
  readonly stride: number
  readonly dilation: number
}

/** The answer of `agreeingSizes`. */
export interface AgreeingSizes {
  /** The nearest input of at most and of at least the wanted size on which all three rules agree throughout. */
  readonly below: number | undefined
  readonly above: number | undefined
  /** Agreeing sizes repeat with this step, the product of the strides. */
  readonly step: number
  /** How far the grids part at the wanted size, in input cells: SAME_UPPER less symmetric, SAME_UPPER less SAME_LOWER. */
  readonly drift: { readonly symmetric: number; readonly lower: number }
}

/** The three rules that are to agree, each from a framework that takes stride with dilation. */
export const agreeingRules = { upper: chosen.upper, lower: chosen.lower, symmetric: chosen.symmetric } as const
const MOST = 10_000_000

/**
 * The input sizes on which SAME_UPPER, SAME_LOWER and symmetric padding are one and the same through a whole chain.
 *
 * With odd kernels these are the sizes of the form 1 + m * (product of strides), as long as m leaves every layer a size
 * of the form 1 + m' * stride: 225 instead of 224, 513 instead of 512. A layer with an even effective kernel agrees where
 * its total is even, which at stride 1 it never is: then there is no such size.
 *
 * @param near the wanted input size
 */
export function agreeingSizes(layers: readonly ChainLayer[], near: number): AgreeingSizes {
  checkInteger('agreeingSizes', 'near', near, 1)
  for (const layer of layers) checkSetting(under(layer, agreeingRules.upper))
  const step = layers.reduce((product, { stride }) => product * stride, 1)
  if (step > MOST) throw new SamepadError('agreeingSizes', `the product of the strides must be at most ${MOST}`, step)
  const search = (way: 1 | -1): number | undefined => {
    // Agreement is periodic with the step once every layer has windows without padding.
    const reach = layers.reduce((cells, layer) => cells + effectiveKernel(layer), 0) * step
    for (let size = near, tries = 0; size >= 1 && tries <= Math.min(step + reach, MOST); size += way, tries++) {
      if (agrees(layers, size)) return size
    }
    return undefined
  }
  return { below: search(-1), above: search(1), step, drift: driftAt(layers, near) }
}

const under = (layer: ChainLayer, convention: string): Setting => ({ ...layer, convention, op: 'conv' })

function agrees(layers: readonly ChainLayer[], input: number): boolean {
  let cells = input
  return layers.every((layer) => {
    const axis = agreedAxis(layer, cells)
    cells = axis?.output ?? cells
    return axis !== undefined
  })
}

/** What a layer does where all three rules are one on its input, else undefined. */
export function agreedAxis(layer: ChainLayer, input: number): Axis | undefined {
  const [upper, lower, symmetric] = Object.values(agreeingRules).map((rule) => solve(under(layer, rule), input))
  if (isRejected(upper) || isRejected(lower) || isRejected(symmetric)) return undefined
  const begins = [upper, lower, symmetric].map(({ axis }) => `${axis.padBegin} ${axis.output}`)
  return begins[0] === begins[1] && begins[0] === begins[2] ? upper.axis : undefined
}

function driftAt(layers: readonly ChainLayer[], input: number): AgreeingSizes['drift'] {
  const centre = (rule: string): number => {
    return (
      phase(
        layers.map((layer) => under(layer, rule)),
        input,
      ).at(-1)?.centre ?? 0
    )
  }
  const upper = centre(agreeingRules.upper)
  return { symmetric: upper - centre(agreeingRules.symmetric), lower: upper - centre(agreeingRules.lower) }
}

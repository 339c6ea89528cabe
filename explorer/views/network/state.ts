import { parseSetting, solve } from 'samepad/geometry'
import { choice, group, number, type Part } from '../../state/part.ts'
import { chainRuleNames, runsOf, textOf } from './chain.ts'
import { presets } from './presets.ts'

const one = parseSetting('onnx k1 same_upper')

const chain: Part<string> = {
  initial: presets[0].chain,
  read: (text) => textOf(runsOf(text)),
  write: (text) => text,
}

/** A network: its layers, the size of its input, and the two rules that are compared. */
export const network = group({
  chain,
  size: number(presets[0].size, (cells) => void solve(one, cells)),
  first: choice('the first convention', chainRuleNames, 'upper'),
  second: choice('the second convention', chainRuleNames, 'symmetric'),
})

import { type LayerState, operations } from './state.ts'

/** The command that gives the page's answer in a terminal: two conventions compared, or one explained. */
export function commandOf({ op, kernel, stride, dilation, rules, input }: LayerState): string {
  const word = op === 'conv' ? '' : ` ${operations[op].word}`
  const sizes = `${word} k${kernel} s${stride}${dilation > 1 ? ` d${dilation}` : ''}`
  const settings = rules.slice(0, 2).map((rule) => `"${rule}${sizes}"`)
  return settings.length > 1
    ? `npx samepad compare ${settings.join(' ')}`
    : `npx samepad explain ${settings[0]} --input ${input}`
}

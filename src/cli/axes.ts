import { SamepadError, type WrittenLayer } from '../geometry.ts'
import type { Answer } from './command.ts'
import type { Chain, WrittenSetting } from './read-settings.ts'
import type { TextStyle } from './style.ts'

/** What one axis is called: outermost first, as frameworks have them. */
const names: readonly (readonly string[])[] = [[], ['height', 'width'], ['depth', 'height', 'width']]

/**
 * An answer for each axis, where they differ: one where all axes have the same sizes.
 *
 * @param input cells of each axis; none where the command asks about all sizes
 * @param answer the answer along one axis
 */
export function alongAxes(
  stage: string,
  layers: readonly WrittenLayer[],
  input: readonly number[] | undefined,
  answer: (settings: readonly WrittenSetting[], input: number | undefined) => Answer,
): Answer {
  return chainsAlongAxes(stage, [layers], input, ([chain], cells) => answer(chain, cells))
}

/** The same for chains of layers. */
export function chainsAlongAxes(
  stage: string,
  chains: readonly (readonly WrittenLayer[])[],
  input: readonly number[] | undefined,
  answer: (chains: readonly Chain[], input: number | undefined) => Answer,
): Answer {
  const layers = chains.flat()
  const alike = layers.every(({ settings }) => settings.every((one) => same(one, settings[0])))
  const counts = alike ? [] : layers.flatMap(({ settings }) => (settings.length > 1 ? [settings.length] : []))
  if (input && input.length > 1) counts.push(input.length)
  const rank = counts.length > 0 ? Math.max(...counts) : 1
  const wrong = counts.find((count) => count !== rank)
  if (wrong !== undefined) throw new SamepadError(stage, `everything must have ${rank} axes`, wrong)
  const answers = Array.from({ length: rank }, (_, axis) => {
    const along = chains.map((chain) => chain.map((layer) => onAxis(layer, axis)))
    return answer(along, input && (input[axis] ?? input[0]))
  })
  return rank === 1 ? answers[0] : together(answers)
}

const same = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b)

function onAxis({ text, settings }: WrittenLayer, axis: number): WrittenSetting {
  return { text, setting: settings[axis] ?? settings[0] }
}

function together(answers: readonly Answer[]): Answer {
  const complaints = answers.flatMap((answer) => answer.complaints ?? [])
  return {
    data: { axes: answers.map(({ data }) => data) },
    lines: (style: TextStyle) =>
      answers.flatMap((answer, axis) => [
        ...(axis > 0 ? ['', ''] : []),
        style.strong(`Axis ${axis}, ${names[answers.length - 1][axis]}`),
        '',
        ...answer.lines(style),
      ]),
    exitCode: answers.some(({ exitCode }) => exitCode === 1) ? 1 : 0,
    ...(complaints.length > 0 && { complaints }),
  }
}

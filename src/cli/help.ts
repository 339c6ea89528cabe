import type { Command, CommandOption } from './command.ts'
import { aboutSettings, settingWords } from './read-settings.ts'
import type { TextStyle } from './style.ts'
import { COLUMNS, definitions, wrap } from './table.ts'

/** The help of samepad as a whole. */
export function overview(commands: Readonly<Record<string, Command>>, { strong }: TextStyle): string[] {
  const list = Object.entries(commands)
  return [
    ...wrap(
      'samepad says what SAME padding does: how many cells, on which side, by whose rule; and it runs models of ONNX.',
    ),
    '',
    strong('Commands'),
    ...definitions(list.map(([name, { summary }]) => [name, summary]), '  '), // biome-ignore format: one line
    '',
    strong('Settings'),
    ...wrap(aboutSettings, '  '),
    '',
    strong('Try'),
    ...list.flatMap(([, { examples }]) => exampleLines(examples[0].split(' '))),
    '',
    ...wrap(
      'samepad COMMAND --help has more; --json prints every answer as data. The exit code is 0, 1 where the answer is ' +
        'no (different, refused, nothing explains it, findings), or 2 where a command or a file is not understood.',
    ),
  ]
}

/** The help of one command. */
export function commandHelp(
  name: string,
  command: Command,
  options: Readonly<Record<string, CommandOption>>,
  { strong }: TextStyle,
): string[] {
  const { usage, about, examples, no, settings } = command
  const written = Object.entries(options).map(([option, { value, about, short }]): [string, string] => {
    return [`${short ? `-${short}, ` : ''}--${option}${value ? ` ${value}` : ''}`, about]
  })
  return [
    ...wrap(usage, `${strong('samepad')} ${strong(name)} `),
    '',
    ...wrap(about),
    ...(settings
      ? ['', ...wrap(aboutSettings), '', strong('Words of a setting'), ...definitions(settingWords, '  ')]
      : []),
    '',
    strong('Options'),
    ...definitions(written, '  '),
    '',
    strong('Examples'),
    ...examples.flatMap((example) => exampleLines(example.split(' '))),
    '',
    ...wrap(
      `Exit code: 0${no ? `, 1 if ${no}` : ''}, 2 if it is not understood${usage.includes('FILE') ? ' or a file is no model' : ''}.`,
    ),
  ]
}

/** Words behind `samepad` as they can be pasted into a shell, on several lines where one is too short. */
export function exampleLines(words: readonly string[]): string[] {
  const room = COLUMNS - '  '.length - ' \\'.length
  const lines: string[] = []
  for (const word of ['samepad', ...words]) {
    const last = lines.at(-1)
    if (last !== undefined && last.length + 1 + word.length <= room) lines[lines.length - 1] = `${last} ${word}`
    else lines.push(lines.length ? `  ${word}` : word)
  }
  return lines.map((line, index) => `  ${line}${index < lines.length - 1 ? ' \\' : ''}`)
}

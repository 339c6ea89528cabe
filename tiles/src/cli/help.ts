import type { CommandRow } from './command.ts'

/** What a command takes. */
export function helpOf(name: string, { usage, about, options }: CommandRow): string {
  const rows = Object.entries(options).map(([option, { value, about: text }]) => {
    return `  ${`--${option}${value === undefined ? '' : ` ${value}`}`.padEnd(22)}${text}`
  })
  return [`samepad-tiles ${name} ${usage}`, '', about, '', ...rows, ''].join('\n')
}

import { parseArgs } from 'node:util'
import { SamepadError, Verbatim } from '../geometry.ts'
import { nearest } from '../words/nearest.ts'
import type { CommandOption, Request } from './command.ts'

/**
 * Splits what was typed into words and options, which may stand anywhere.
 *
 * A value may begin with a minus sign, and between settings `--` separates instead of ending the options: both are
 * rewritten before `parseArgs` sees them, which knows neither.
 *
 * @param settings whether the words are settings
 */
export function readArguments(
  stage: string,
  argv: readonly string[],
  options: Readonly<Record<string, CommandOption>>,
  settings: boolean,
): Request {
  const end = optionsEnd(argv)
  const { tokens, positionals } = parseArgs({
    args: settings
      ? withoutMinus(argv.map((word) => (word === '--' ? 'vs' : word)))
      : [...withoutMinus(argv.slice(0, end)), ...argv.slice(end)],
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value, short }]) => {
        return [name, { type: value ? 'string' : 'boolean', ...(short && { short }) }] as const
      }),
    ),
    allowPositionals: true,
    strict: false, // so that the messages are ours
    tokens: true,
  })
  const given: Record<string, string | true> = {}
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const [value, before] = [checked(stage, options, token), given[token.name]]
    const { many } = options[token.name]
    if (!many && before !== undefined && value !== before)
      throw new SamepadError(stage, `${token.rawName} must be given once`, new Verbatim(`${before} and ${value}`))
    given[token.name] = many && before !== undefined ? `${before},${value}` : value
  }
  return { words: positionals, options: given }
}

/** The place of the `--` that ends the options; what comes behind it are words. */
export function optionsEnd(argv: readonly string[]): number {
  const at = argv.indexOf('--')
  return at < 0 ? argv.length : at
}

/** Ties a value that begins with a minus sign to its option: `--input -1,2` is `--input=-1,2`. */
function withoutMinus(argv: readonly string[]): string[] {
  const words: string[] = []
  for (const word of argv) {
    const last = words.at(-1)
    const isValue = /^-[\d.]|^-inf/i.test(word) && last?.startsWith('--') && !last.includes('=')
    if (isValue) words[words.length - 1] = `${last}=${word}`
    else words.push(word)
  }
  return words
}

interface OptionToken {
  readonly name: string
  readonly rawName: string
  readonly value?: string | undefined
}

function checked(stage: string, options: Readonly<Record<string, CommandOption>>, token: OptionToken): string | true {
  const { name, rawName, value } = token
  const option = Object.hasOwn(options, name) ? options[name] : undefined
  if (!option) {
    const names = Object.keys(options)
    const meant = nearest(name, names)
    const list = names.map((one) => `--${one}`).join(', ')
    throw new SamepadError(stage, meant ? `the option is called --${meant}` : `options are ${list}`, rawName)
  }
  if (!option.value) {
    if (value === undefined) return true
    throw new SamepadError(stage, `${rawName} takes no value`, value)
  }
  if (value && !value.startsWith('--')) return value
  throw new SamepadError(stage, `${rawName} must be followed by ${option.value}`, value ?? new Verbatim('nothing'))
}

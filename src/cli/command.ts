import type { TextStyle } from './style.ts'

/** What stood on the command line after the name of the command. */
export interface Request {
  /** The words that are no options, in order; `vs` also where `--` stood between settings. */
  readonly words: readonly string[]
  /** The options that were given: their text, or true for those that take none. */
  readonly options: Readonly<Record<string, string | true | undefined>>
}

/** What a command found. */
export interface Answer {
  /** For `--json`: plain data with stable names. */
  readonly data: unknown
  /** For people: lines of at most 80 cells. */
  readonly lines: (style: TextStyle) => string[]
  /** 1 where the answer is no: different, refused, nothing explains it. 2 where there is none of some files. */
  readonly exitCode: 0 | 1 | 2
  /** For stderr: what kept files from being read, a line each. */
  readonly complaints?: readonly string[]
  /** Bytes for stdout, where they were asked for; the answer then goes to stderr. */
  readonly output?: AsyncIterable<Uint8Array>
}

/** An option: what its value is called, if it has one, and what it means. */
export interface CommandOption {
  readonly value?: string
  readonly about: string
  /** A letter that stands for it: `-o`. */
  readonly short?: string
  /** Whether it may be given several times: its values are then one text, with commas between. */
  readonly many?: true
}

/** Where a command is typed. */
export interface Shell {
  /** The folder that paths start from. */
  readonly cwd: string
  /** All that is written to standard input. */
  readonly stdin: () => Promise<Uint8Array>
  /** Says what is being done, to a person who waits; the next text takes its place, an empty one clears it. */
  readonly progress: (text: string) => void
}

/** A command of samepad: its help is data, its answer a function of what was typed. */
export interface Command {
  readonly summary: string
  /** How it is written, without `samepad`. */
  readonly usage: string
  readonly about: string
  readonly options: Readonly<Record<string, CommandOption>>
  /** Whole arguments as typed after `samepad`. */
  readonly examples: readonly string[]
  /** What exit code 1 means, if the command has one. */
  readonly no?: string
  /** Whether its words are settings, which the help then explains. */
  readonly settings: boolean
  /** @throws SamepadError on misuse */
  readonly answer: (request: Request, surroundings: Shell) => Answer | Promise<Answer>
}

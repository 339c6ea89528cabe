import type { OptionRow, Typed } from './options.ts'

/** A command: what it does, what follows it. */
export interface CommandRow {
  readonly usage: string
  readonly about: string
  readonly options: Readonly<Record<string, OptionRow>>
  readonly act: (given: Typed) => Promise<void>
}

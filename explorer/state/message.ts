/** What an error says to a reader of the page, whoever threw it: without the stage of the library that noticed it. */
export const messageOf = (error: unknown): string => plain(error instanceof Error ? error.message : String(error))

/** A message without the name of a stage in front. */
const plain = (message: string): string => message.replace(/^[a-z]\w+: (?=\w)/, '')

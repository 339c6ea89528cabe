const { process } = globalThis as { process?: NodeJS.Process }

/** Says on stderr what is being done: on one line of a terminal, a line each in a file. A page says it to who opened it. */
export function progress(text: string): void {
  if (!process?.stderr) console.info(text)
  else if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
  else process.stderr.write(`${text}\n`)
}

/** Removes the line. */
export function progressEnds(): void {
  if (process?.stderr?.isTTY) process.stderr.write('\r\x1b[K')
}

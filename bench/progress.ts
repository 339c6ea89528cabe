/** Says on stderr what is being done: on one line of a terminal, a line each in a file. */
export function progress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`)
  else process.stderr.write(`${text}\n`)
}

/** Removes the line. */
export function progressEnds(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K')
}

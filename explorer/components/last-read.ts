/** A file with a number that no other file has: a worker that has read it knows it again. */
export interface NumberedFile {
  readonly number: number
  readonly file: Blob
}

/** For a worker: reads a file, or gives what was read of the same one before. */
export function lastRead<T>(read: (file: Blob) => Promise<T>): (file: NumberedFile) => Promise<T> {
  let last: { readonly number: number; readonly content: Promise<T> } | undefined
  return ({ number, file }) => {
    if (last?.number !== number) last = { number, content: read(file) }
    return last.content
  }
}

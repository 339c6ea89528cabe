import { useEffect, useState } from 'preact/hooks'
import { messageOf } from '../state/message.ts'
import type { NumberedFile } from './last-read.ts'

/** A file of the reader's, or what fetches one that comes with the page; the same function fetches the same file. */
export type FileSource = File | (() => Promise<Blob>)

interface Found {
  readonly source: FileSource
  readonly file?: NumberedFile
  readonly trouble?: string
}

let count = 0

/** A file with its number, once it is here; or why it cannot be had. */
export function useFile(source: FileSource): [file: NumberedFile | undefined, trouble: string | undefined] {
  const [found, setFound] = useState<Found>()
  useEffect(() => {
    let stale = false
    const tell = (rest: Omit<Found, 'source'>): void => {
      if (!stale) setFound({ source, ...rest })
    }
    const coming = source instanceof File ? Promise.resolve(source) : source()
    coming.then(
      (file) => tell({ file: { number: ++count, file } }),
      (error) => tell({ trouble: messageOf(error) }),
    )
    return () => {
      stale = true
    }
  }, [source])
  return found?.source === source ? [found.file, found.trouble] : [undefined, undefined]
}

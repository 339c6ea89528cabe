/** Bytes that are read at places, without ever being loaded as a whole. */
export interface ByteSource {
  /** Bytes in all. */
  readonly size: number
  /** Where they come from, if that is a file. */
  readonly path: string | undefined
  /** The bytes from `begin` to before `end`, exactly that many. Not to be written to: they may be the source's own. */
  read(begin: number, end: number): Uint8Array | Promise<Uint8Array>
  close(): void
}

/** A browser's Blob or File by what is needed of it, so that the types need neither those of Node nor those of the browser. */
export interface BlobLike {
  readonly size: number
  slice(begin: number, end: number): { arrayBuffer(): Promise<ArrayBuffer> }
}

/** What a model is read from: a path or a `file:` URL (in Node), a Blob or File, bytes, or a source of one's own. */
export type SourceLike = string | { readonly href: string } | BlobLike | Uint8Array | ArrayBuffer | ByteSource

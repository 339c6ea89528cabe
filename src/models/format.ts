import type { ByteSource } from '../bytes/source.ts'
import type { Model } from '../network/model.ts'

/** What is known of a file before it is read. */
export interface FileHead {
  /** The file's name without its folder, in small letters; empty where it has none. */
  readonly name: string
  /** Its first bytes, at most 4,096. */
  readonly bytes: Uint8Array
  /** The same as Latin-1 text, a character for each byte. */
  readonly text: string
  /** Names of the entries of a ZIP archive; empty for other files. */
  readonly entries: readonly string[]
}

/** A file beside the one that is read, by its name; undefined where it cannot be had. */
export type Companion = (name: string) => Promise<ByteSource | undefined>

/** A format of model files: one folder, one row of the registry. */
export interface Format {
  /** As people call it, such as `TFLite`. */
  readonly name: string
  /** How the names of its files end, `.tflite`. */
  readonly endings: readonly string[]
  /** Files of a folder that are the model, where a folder is one. */
  readonly inFolder?: readonly string[]
  /** Whether other kinds of files end so too: of a folder, only those whose content matches are then taken. */
  readonly sharesEndings?: boolean
  /** Whether a file is of this format, by its name and its first bytes. */
  matches(head: FileHead): boolean
  /**
   * Reads a file without its weights.
   *
   * @throws SamepadError with the place in the file where it is damaged, or holds no network
   */
  read(source: ByteSource, companion?: Companion): Promise<Model>
}

/** ONNX's words for automatic padding; runtimes take them only as they are. */
export const autoPads = ['NOTSET', 'VALID', 'SAME_UPPER', 'SAME_LOWER'] as const

/** A framework, tool or formula that rows belong to. */
export interface FrameworkRow {
  readonly name: string
  /** Other words that people write for it. */
  readonly aliases?: readonly string[]
  /** What its versions count, where that is not the framework itself. */
  readonly counts?: string
  /**
   * The words of its files for automatic padding, where files are taken as they are. Of all others a reader has found out
   * what they mean, and may name a rule besides.
   */
  readonly autoPads?: readonly string[]
  /** Whether its files are read by runtimes of others, which may take them otherwise. */
  readonly isReadByOthers?: true
  /** Whether it reads ONNX files: most of them are run by it, or some are. Rows of all others speak of layers alone. */
  readonly readsOnnx?: 'most' | 'some'
}

/** ONNX itself, which whoever runs its files needs alone. */
export const onnxFramework: FrameworkRow = {
  name: 'ONNX (the specification)',
  counts: 'opset',
  isReadByOthers: true,
  autoPads,
}

import { fileError } from '../../bytes/file-error.ts'
import type { SamepadError } from '../../geometry/error.ts'

/** An error of reading or editing an ONNX file: `onnx: what must hold, got value (at byte N)`. */
export const complaint = (must: string, got: unknown, at?: number): SamepadError => fileError('onnx', must, got, at)

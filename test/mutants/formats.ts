import { binaryFormats } from './binary-formats.ts'
import { graphFormats } from './graph-formats.ts'
import type { SpoiltFormat } from './spoilt-format.ts'
import { textFormats } from './text-formats.ts'

/** Every format but ONNX, which has mutants of its own (`mutant.ts`). */
export const spoiltFormats: readonly SpoiltFormat[] = [...binaryFormats, ...graphFormats, ...textFormats]

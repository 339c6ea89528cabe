import { Finding, SamepadError, show } from '../../geometry/error.ts'

/** An error of reading or editing a model: `onnx: what must hold, got value (at byte N)`. */
export function complaint(must: string, got: unknown, at?: number): SamepadError {
  const found = got instanceof Finding ? got.text : show(got)
  return new SamepadError('onnx', must, new Finding(at === undefined ? found : `${found} (at byte ${at})`))
}

import { Finding, SamepadError, show } from '../geometry/error.ts'

/** An error of reading a file: `stage: what must hold, got value (at byte N)`. */
export function fileError(stage: string, must: string, got: unknown, at?: number): SamepadError {
  const found = got instanceof Finding ? got.text : show(got)
  return new SamepadError(stage, must, new Finding(at === undefined ? found : `${found} (at byte ${at})`))
}

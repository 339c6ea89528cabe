import { SamepadError, show, Verbatim } from '../geometry/error.ts'

/** An error of reading a file: `stage: what must hold, got value (at byte N)`. */
export function fileError(stage: string, must: string, got: unknown, at?: number): SamepadError {
  const found = got instanceof Verbatim ? got.text : show(got)
  return new SamepadError(stage, must, new Verbatim(at === undefined ? found : `${found} (at byte ${at})`))
}

import { PartField, Settings } from '../../layer/panel.tsx'
import { usePage } from '../../state/page.ts'
import { CurveFigure } from './curve-figure.tsx'
import { LayerTable } from './layer-table.tsx'
import { Kernels, Pictures } from './pictures.tsx'
import { useLearning } from './use-learning.ts'
import './training.css'

/** A small network that learns in the page. */
export function Training() {
  const { state } = usePage()
  const { seed, batch } = state
  const { progress, refusal, let: allow, reset } = useLearning(seed, batch)
  return (
    <div class="view">
      <Settings>
        <p class="muted">
          The network of examples/training learns to tell circles, crosses, squares and triangles that it has never
          seen. All of it is computed in this page by samepad: layers, gradients and the steps of learning.
        </p>
        <fieldset class="sizes">
          <legend>Learning</legend>
          <PartField name="seed" label="seed" least={0} />
          <PartField name="batch" label="pictures a step" least={1} />
        </fieldset>
      </Settings>
      <div class="stage" aria-busy={!progress && !refusal}>
        {refusal && (
          <section class="card" role="alert">
            <p class="refusal">{refusal}</p>
          </section>
        )}
        {!progress && !refusal && <p class="card muted">The network is made…</p>}
        {progress && (
          <>
            <CurveFigure progress={progress} allow={allow} reset={reset} />
            <Pictures examples={progress.examples} />
            <LayerTable layers={progress.layers} />
            <Kernels kernels={progress.kernels} />
          </>
        )}
      </div>
    </div>
  )
}

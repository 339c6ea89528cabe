import { useMemo } from 'preact/hooks'
import { Field } from '../../components/field.tsx'
import { FileButton } from '../../components/file-button.tsx'
import { fullName } from '../../layer/framework-names.ts'
import { PartField, RuleFields, Settings } from '../../layer/panel.tsx'
import { usePage } from '../../state/page.ts'
import { PictureFigure } from './canvas.tsx'
import { DifferenceFigure } from './difference.tsx'
import { linesOf, presetNames, presets, rounded, weightsOf } from './filters.ts'
import type { Beside, Shot } from './model.ts'
import { gains, LONGEST_SIDE } from './state.ts'
import { type Studio, useShown } from './use-shown.ts'
import { layersInWords, padsInWords, shiftInWords, sumsInWords, timeInWords } from './words.ts'

/** A photo under several conventions, computed in the page, and where they part. */
export function OnAPicture() {
  const { state } = usePage()
  const { rules, filter, kernel, stride, dilation, side, gain, depth } = state
  const order = useMemo(
    () => ({ rules, filter, side, gain, depth, sizes: { kernel, stride, dilation } }),
    [rules, filter, side, gain, depth, kernel, stride, dilation],
  )
  const studio = useShown(order)
  return (
    <div class="view">
      <Settings>
        <PhotoFields studio={studio} />
        <FilterFields />
        <RuleFields />
        <GainField />
      </Settings>
      <div class="stage pictures" aria-busy={studio.busy}>
        {studio.refusal && (
          <section class="card" role="alert">
            <p class="refusal">{studio.refusal}</p>
          </section>
        )}
        <Pictures studio={studio} />
      </div>
    </div>
  )
}

function Pictures({ studio }: { studio: Studio }) {
  const { state } = usePage()
  const { shown: reply } = studio
  if (!reply?.shown || !reply.photo) return studio.refusal ? null : <p class="card muted">Computing…</p>
  const { own, photo, shown, compiles } = reply // the name of what is shown: a file given since may be broken
  const what = own ? 'your photo' : 'a cat'
  return (
    <>
      {!compiles && (
        <p class="card" role="status">
          WebAssembly is missing here, or this page's policy forbids it: the reference computes instead, with the same
          values, only slower.
        </p>
      )}
      <p class="drawn">{layersInWords(shown.weights, state)}</p>
      <div class="shots">
        {shown.shots.map((shot, index) => (
          <ShotFigure
            key={`${index} ${shot.rule}`}
            {...{ shot, index, what }}
            beside={shown.besides.find(({ rules }) => rules[1] === shot.rule)}
          />
        ))}
        {shown.besides.map((beside, index) => (
          <DifferenceFigure key={`${index} ${beside.rules[1]}`} {...{ beside, index, shots: shown.shots }} />
        ))}
        <PictureFigure
          title="The photo"
          label={`The photo: ${own ?? 'Chelsea, a cat'}`}
          pixels={photo}
          file="samepad-photo"
        >
          <p>
            {photo.width} x {photo.height} pixels.{' '}
            {own ?? 'Chelsea, by Stefan van der Walt, from scikit-image; public domain (CC0).'}
          </p>
          {shown.grey > 0 && <p class="muted">The weights add up to 0, so results are shown around grey.</p>}
        </PictureFigure>
      </div>
    </>
  )
}

interface ShotProps {
  readonly shot: Shot
  readonly index: number
  readonly what: string
  /** How it differs from the first one. */
  readonly beside: Beside | undefined
}

function ShotFigure({ shot, index, what, beside }: ShotProps) {
  const { state } = usePage()
  const { rule, made, refusal } = shot
  if (!made) {
    return (
      <section class="card" aria-label={rule}>
        <h2>
          <code>{rule}</code>
        </h2>
        <p class="fault">{refusal}</p>
      </section>
    )
  }
  const { width, height } = made.pixels
  const { depth } = state
  return (
    <PictureFigure
      title={<code>{fullName(rule)}</code>}
      label={`${rule} on ${what}, ${width} x ${height} pixels`}
      pixels={made.pixels}
      file={`samepad-picture-${index + 1}`}
    >
      {beside && <p class={isMoved(beside) ? 'different' : 'equal'}>{shiftInWords(beside)}</p>}
      {beside &&
        sumsInWords(beside).map((text) => (
          <p key={text} class="muted">
            {text}
          </p>
        ))}
      <p>
        {width} x {height} pixels; {padsInWords(made, depth)}
      </p>
      <p class="muted">{timeInWords(made)}</p>
    </PictureFigure>
  )
}

const isMoved = ({ earlier }: Beside): boolean => earlier.some((by) => by !== 0)

function PhotoFields({ studio }: { studio: Studio }) {
  return (
    <fieldset class="rules">
      <legend>Photo</legend>
      <div class="buttons">
        <FileButton label="Choose a photo…" accept="image/*" onFiles={([file]) => studio.take(file)} />
        {studio.own && (
          <button type="button" onClick={() => studio.take()}>
            The cat again
          </button>
        )}
      </div>
      <small class="muted">Or drop or paste one. It stays in this page, scaled to {LONGEST_SIDE} pixels at most.</small>
      <PartField name="side" label="longer side, at most" least={8} />
    </fieldset>
  )
}

const OWN = 'own'

/** A preset of a size, or numbers of one's own. */
function FilterFields() {
  const { state, change, set } = usePage()
  const { filter, kernel } = state
  const own = typeof filter !== 'string'
  const pick = (name: string): void => {
    if (name !== OWN) change('filter', name)
    else if (!own) set({ filter: rounded(weightsOf(filter, Math.min(kernel, 7))) })
  }
  return (
    <fieldset class="sizes">
      <legend>Kernel</legend>
      <label class="field choice wide">
        <span>Weights</span>
        <select value={own ? OWN : filter} onChange={({ currentTarget }) => pick(currentTarget.value)}>
          {presetNames.map((name) => (
            <option key={name} value={name}>
              {presets[name].name}
            </option>
          ))}
          <option value={OWN}>own numbers</option>
        </select>
      </label>
      {own ? (
        <div class="wide">
          <Field
            label={`${filter.rows} x ${filter.columns} numbers, a row to a line`}
            value={linesOf(filter).join('\n')}
            lines={Math.min(8, Math.max(3, filter.rows))}
            onText={(text) => change('filter', text)}
          />
        </div>
      ) : (
        <PartField name="kernel" label="kernel" least={1} />
      )}
      <PartField name="stride" label="stride" least={1} />
      <PartField name="dilation" label="dilation" least={1} />
      <PartField name="depth" label="layers" least={1} />
    </fieldset>
  )
}

function GainField() {
  const { state, change } = usePage()
  return (
    <label class="field choice">
      <span>Differences</span>
      <select value={state.gain} onChange={({ currentTarget }) => change('gain', currentTarget.value)}>
        {gains.map((gain) => (
          <option key={gain} value={gain}>
            {gain === 'auto' ? 'the largest is brightest' : gain === '1' ? 'as they are' : `${gain} times as bright`}
          </option>
        ))}
      </select>
    </label>
  )
}

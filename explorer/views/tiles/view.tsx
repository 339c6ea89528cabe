import { useMemo, useState } from 'preact/hooks'
import { FileButton } from '../../components/file-button.tsx'
import { useFile } from '../../components/use-file.ts'
import { useGiven } from '../../components/use-given.ts'
import { PartField, Settings } from '../../layer/panel.tsx'
import { ownModels } from '../../state/given.ts'
import { usePage } from '../../state/page.ts'
import { Costs } from './costs.tsx'
import type { Planned } from './messages.ts'
import { cuttingOf } from './model.ts'
import { type Opened, OpenedCard, OpenOffer } from './opening.tsx'
import { CutPicture } from './picture.tsx'
import { sampleFiles } from './sample-files.ts'
import { samples } from './samples.ts'
import { type SampleName, sampleNames } from './state.ts'
import { usePlan } from './use-plan.ts'
import './tiles.css'

/** A picture in pieces: what each of them reads, and what is computed twice. */
export function Pieces() {
  const { state } = usePage()
  const { high, wide, tile, halo, sampleNet } = state
  const [own] = useGiven(ownModels)
  const sample = samples[sampleNet]
  const [file, trouble] = useFile(own ?? sampleFiles[sampleNet])
  const order = useMemo(() => ({ size: [high, wide] as const, tile, halo }), [high, wide, tile, halo])
  const desk = usePlan(file, order)
  const refusal = trouble ?? desk.refusal
  const [opened, setOpened] = useState<Opened>()
  const isOpened = opened !== undefined && opened.file === own
  const take = (next: Opened): void => {
    setOpened(next)
    ownModels.give([next.file])
  }
  return (
    <div class="view">
      <Settings>
        <ModelFields own={own} />
        <fieldset class="sizes">
          <legend>Picture</legend>
          <PartField name="high" label="height" least={1} />
          <PartField name="wide" label="width" least={1} />
        </fieldset>
        <fieldset class="sizes">
          <legend>Pieces</legend>
          <PartField name="tile" label="at most, cells" least={1} />
          <PartField name="halo" label="halo" />
          <small class="muted wide">An empty halo is the one that the network needs.</small>
        </fieldset>
      </Settings>
      <div class="stage" aria-busy={desk.busy}>
        {refusal && (
          <section class="card" role="alert">
            <p class="refusal">{refusal}</p>
            {own && !isOpened && <OpenOffer key={own.name} own={own} onOpened={take} />}
          </section>
        )}
        {isOpened && <OpenedCard opened={opened} />}
        {desk.planned && <Shown planned={desk.planned} name={own?.name ?? sample.name} isOwn={own !== undefined} />}
        {!desk.planned && !refusal && <p class="card muted">The layers are followed…</p>}
      </div>
    </div>
  )
}

function Shown({ planned, name, isOwn }: { planned: Planned; name: string; isOwn: boolean }) {
  const { state } = usePage()
  const { tile, halo } = state
  const cutting = useMemo(() => cuttingOf(planned, tile, halo), [planned, tile, halo])
  return (
    <>
      <CutPicture {...{ planned, cutting }} name={isOwn ? name : samples[state.sampleNet].title} />
      <Costs {...{ planned, cutting, name, isOwn }} />
    </>
  )
}

function ModelFields({ own }: { own: File | undefined }) {
  const { state, change } = usePage()
  return (
    <fieldset class="rules">
      <legend>Model</legend>
      <label class="field choice">
        <span class="unseen">Model</span>
        <select
          value={own ? 'own' : state.sampleNet}
          onChange={({ currentTarget: { value } }) => {
            ownModels.give([])
            change('sampleNet', value as SampleName)
          }}
        >
          {own && <option value="own">{own.name}</option>}
          {sampleNames.map((name) => (
            <option key={name} value={name}>
              {samples[name].title}
            </option>
          ))}
        </select>
      </label>
      <div class="buttons">
        <FileButton label="Choose a model…" accept="" onFiles={([file]) => ownModels.give([file])} />
      </div>
      <small class="muted">Of any format; weights are not read, and nothing leaves the page.</small>
    </fieldset>
  )
}

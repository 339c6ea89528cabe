import { decimal } from '../../../src/words/numbers.ts'
import { CopyButton } from '../../components/copy-button.tsx'
import { saveAs } from '../../components/save.ts'
import { usePage } from '../../state/page.ts'
import type { Planned } from './messages.ts'
import { type Cutting, commandOf } from './model.ts'
import { sampleFiles } from './sample-files.ts'
import { samples } from './samples.ts'
import { axisTexts, memoryText, percent, verdict } from './words.ts'

interface Props {
  readonly planned: Planned
  readonly cutting: Cutting
  /** The model's file. */
  readonly name: string
  readonly isOwn: boolean
}

/** Whether the pieces are right, what they cost, and the command of the same plan. */
export function Costs({ planned, cutting, name, isOwn }: Props) {
  const { good, text } = verdict(planned, cutting)
  const { plan, wholeMemory } = planned
  return (
    <section class="card" aria-label="What it costs">
      <h2>What it costs</h2>
      <p role="status" class="conclusion">
        <b class={good ? 'equal' : 'different'}>
          {good ? '=' : '◆'} {text}
        </b>
      </p>
      {axisTexts(planned).map((line) => (
        <p key={line} class="facts">
          {line}
        </p>
      ))}
      <dl class="tile-costs">
        <Meter
          name="computed twice"
          value={percent(cutting.share - 1)}
          share={(cutting.share - 1) / Math.max(1, cutting.share - 1)}
        />
        <Meter
          name="memory of a piece"
          value={`${memoryText(plan.memory)}; the whole picture at once ${memoryText(wholeMemory)}`}
          share={plan.memory / wholeMemory}
        />
      </dl>
      <HaloCosts planned={planned} />
      <Command {...{ planned, name, isOwn, isShort: cutting.isShort }} />
    </section>
  )
}

/** A number with a bar as long as its share. */
function Meter({ name, value, share }: { name: string; value: string; share: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
      <dd>
        <Bar share={share} />
      </dd>
    </div>
  )
}

function Bar({ share }: { share: number }) {
  return (
    <svg aria-hidden="true" class="meter" viewBox="0 0 100 4" preserveAspectRatio="none">
      <rect class="meter-all" width={100} height={4} />
      <rect class="meter-part" width={100 * Math.min(1, share)} height={4} />
    </svg>
  )
}

const MOST = 6 // layers

/** The layers that make the halo. */
function HaloCosts({ planned: { plan } }: { planned: Planned }) {
  const { shares: all, halo } = plan.axes[plan.axes.length - 1]
  const shares = all.slice(0, MOST)
  if (shares.length === 0) return null
  const both = halo.reduce((sum, cells) => sum + Math.max(0, cells), 0)
  return (
    <>
      <h3>What the halo is made of</h3>
      <p class="muted">
        Cells that each layer adds on both sides together, which need {decimal(both)} in all
        {all.length > MOST && '; the largest are shown'}.
      </p>
      <dl class="tile-costs">
        {shares.map(({ name, cells }) => (
          <Meter key={name} name={name} value={`${decimal(cells)} cells`} share={cells / shares[0].cells} />
        ))}
      </dl>
    </>
  )
}

function Command({ planned, name, isOwn, isShort }: Omit<Props, 'cutting'> & { isShort: boolean }) {
  const { state } = usePage()
  const command = commandOf(planned, name, state.tile)
  const sample = samples[state.sampleNet]
  return (
    <>
      <h3>{isShort ? 'The right plan in a terminal' : 'The same plan in a terminal'}</h3>
      <p class="command">
        <code>{command}</code>
      </p>
      <div class="buttons">
        <CopyButton text={() => command} label="Copy command" />
        {!isOwn && (
          <button
            type="button"
            onClick={async () => saveAs(await sampleFiles[state.sampleNet](), sample.name.replace(/.*\//, ''))}
          >
            Save {sample.name.replace(/.*\//, '')}
          </button>
        )}
      </div>
    </>
  )
}

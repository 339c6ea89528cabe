import { useMemo } from 'preact/hooks'
import { counted, decimal } from '../../../src/words/numbers.ts'
import { Figure, useWidth } from '../../components/figure.tsx'
import { Scroll } from '../../components/scroll.tsx'
import { PartField, Settings } from '../../layer/panel.tsx'
import { usePage } from '../../state/page.ts'
import { print, type State } from '../../state/url.ts'
import { type ChainRuleName, chainRuleNames, chainRules, ownText, runName, runsOf } from './chain.ts'
import { DriftLines, stageInWords } from './drift.tsx'
import { driftDrawing, type Stage, stagesOf } from './model.ts'
import { presets } from './presets.ts'
import { SizesWithoutDrift } from './sizes.tsx'

/** A chain of layers, with the drift between two rules growing through it. */
export function Network() {
  const { state } = usePage()
  const { chain, size, first, second } = state
  const [area, width] = useWidth<HTMLElement>()
  const runs = useMemo(() => runsOf(chain), [chain])
  const stages = useMemo(() => stagesOf(runs, size, first, second), [runs, size, first, second])
  return (
    <div class="view">
      <Settings>
        <PresetField />
        <PartField name="chain" label="Layers" lines={3} />
        <PartField name="size" label="input" least={1} />
        <RuleField name="first" label="First convention" />
        <RuleField name="second" label="Second convention" />
      </Settings>
      <div class="stage">
        {typeof stages === 'string' ? (
          <section class="card" ref={area} aria-label="Drawing">
            <p class="fault" role="status">
              {stages}
            </p>
          </section>
        ) : (
          <Picture {...{ stages, size, area, width }} />
        )}
        <SizesWithoutDrift runs={runs} />
        {typeof stages !== 'string' && <Layers stages={stages} />}
      </div>
    </div>
  )
}

function Picture({
  stages,
  size,
  area,
  width,
}: {
  stages: readonly Stage[]
  size: number
  area: ReturnType<typeof useWidth>[0]
  width: number
}) {
  const { state } = usePage()
  const drawing = useMemo(() => driftDrawing(stages, size, Math.max(width, 280)), [stages, size, width])
  const { apart } = stages[stages.length - 1]
  const network = presets.find(({ chain }) => chain === state.chain)
  const names = [chainRules[state.first].name, chainRules[state.second].name] as const
  return (
    <Figure
      label={`The grids of ${names[0]} and ${names[1]} through the network, on ${size} cells`}
      description={stages.map((stage) => stageInWords(stage)).join(' ')}
      head={`${network?.name ?? 'Your own network'}, input ${size}, of which the first cells are drawn`}
      file="samepad-network"
      width={drawing.width}
      height={drawing.height}
      area={area}
      below={
        <>
          <p class="legend">
            <RuleMark mark="▲ ●" name="first" kind="input" />
            <RuleMark mark="▼ ○" name="second" kind="output" />
            <span>● ○ the cell of the network’s input at which output 0 looks; a line for every further output</span>
            <span class="different">■ how far these two cells are apart</span>
            <span>k7 s2: a layer of kernel 7 and stride 2</span>
            <span>→ 112: how many outputs it has</span>
          </p>
          <p class="conclusion" role="status">
            {apart === 0 ? (
              <>
                <b class="equal">= Both look at the same cells</b> on an input of {size}: no layer adds a difference.
              </>
            ) : (
              <>
                <b class="different">◆ At the end they look {counted(Math.abs(apart), 'cell')} apart</b> on an input of{' '}
                {size}: output 0 of {names[1]} looks that much {apart > 0 ? 'further on' : 'earlier'} than that of{' '}
                {names[0]}. Every layer that has a stride and is padded differently adds its part.
              </>
            )}
          </p>
        </>
      }
    >
      <DriftLines drawing={drawing} names={names} />
    </Figure>
  )
}

/** A rule with its marks, and who pads by it. */
function RuleMark({ mark, name, kind }: { mark: string; name: 'first' | 'second'; kind: string }) {
  const { state } = usePage()
  const rule = chainRules[state[name]]
  return (
    <span class={kind}>
      {mark} {rule.name}: {rule.about}
    </span>
  )
}

function PresetField() {
  const { state, set } = usePage()
  const current = presets.findIndex(({ chain }) => chain === state.chain)
  return (
    <label class="field choice">
      <span>Network</span>
      <select
        value={current}
        onChange={({ currentTarget }) => {
          const preset = presets[Number(currentTarget.value)]
          if (preset) set({ chain: preset.chain, size: preset.size })
        }}
      >
        {current < 0 && <option value={-1}>your own</option>}
        {presets.map(({ name }, index) => (
          <option key={name} value={index}>
            {name}
          </option>
        ))}
      </select>
      {current >= 0 && <small class="muted">{presets[current].source}</small>}
    </label>
  )
}

function RuleField({ name, label }: { name: 'first' | 'second'; label: string }) {
  const { state, change } = usePage()
  return (
    <label class="field choice">
      <span>{label}</span>
      <select value={state[name]} onChange={({ currentTarget }) => change(name, currentTarget.value)}>
        {chainRuleNames.map((rule: ChainRuleName) => (
          <option key={rule} value={rule}>
            {chainRules[rule].name}
          </option>
        ))}
      </select>
      <small class="muted">{chainRules[state[name]].about}</small>
    </label>
  )
}

/** The numbers behind the drawing. */
function Layers({ stages }: { stages: readonly Stage[] }) {
  const { state } = usePage()
  return (
    <section class="card" aria-label="Layers">
      <h2>Layer by layer</h2>
      <Scroll label="Table of layers">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">layer</th>
              <th scope="col">apart</th>
              {([state.first, state.second] as const).map((rule, index) => (
                <SideHead key={`${index} ${rule}`} name={chainRules[rule].name} />
              ))}
              <th scope="col">jump</th>
            </tr>
          </thead>
          <tbody>
            {stages.map(({ text, a, b, apart }, index) => (
              <tr key={index}>
                <th scope="row">
                  <a href={layerLink(state, stages, index)}>
                    <code>{runName(text)}</code>
                  </a>
                </th>
                <td class={apart === 0 ? '' : 'different'}>{decimal(Math.abs(apart))}</td>
                {[a, b].map(({ axis, centre }, side) => (
                  <Side
                    key={side === 0 ? 'a' : 'b'}
                    output={axis.output}
                    pads={`${axis.padBegin}, ${axis.padEnd}`}
                    centre={centre}
                  />
                ))}
                <td>{decimal(a.jump)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <p class="muted letters">
        apart: cells of the network's input. Under a convention's name: how many outputs the layer has. pads: cells
        added before and after. output 0 at: the cell of the network's input in the middle of what output 0 reads. jump:
        cells of the input from one output to the next.
      </p>
    </section>
  )
}

function SideHead({ name }: { name: string }) {
  return (
    <>
      <th scope="col">{name}</th>
      <th scope="col">pads</th>
      <th scope="col">output 0 at</th>
    </>
  )
}

function Side({ output, pads, centre }: { output: number; pads: string; centre: number }) {
  return (
    <>
      <td>{output}</td>
      <td>{pads}</td>
      <td>{decimal(centre)}</td>
    </>
  )
}

/** A layer of the network, opened in one axis with the two rules, on the size that it reads. */
function layerLink(state: State, stages: readonly Stage[], index: number): string {
  const [{ layer }] = runsOf(stages[index].text)
  const { op, kernel, stride, dilation } = layer
  const { input } = stages[index].a.axis
  const rules = [state.first, state.second].map((rule) => ownText(rule, layer, input))
  return print({ ...state, ...{ view: 'one-axis', op, kernel, stride, dilation, input, rules } })
}

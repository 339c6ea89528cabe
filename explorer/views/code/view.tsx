import type { ComponentChildren } from 'preact'
import { useMemo } from 'preact/hooks'
import { argumentsOf, type Framework, type Spellable, spell, spellable, spelledFrameworks } from 'samepad/geometry'
import { CopyButton } from '../../components/copy-button.tsx'
import { OperationField, RuleFields, Settings, SizeFields } from '../../layer/panel.tsx'
import { acrossName, acrossOf, type LayerState, settingOf, sizeNames, sizesOf } from '../../layer/state.ts'
import { messageOf } from '../../state/message.ts'
import { usePage } from '../../state/page.ts'
import { ranks } from './state.ts'

const names: Readonly<Record<Framework, string>> = {
  pytorch: 'PyTorch',
  tensorflow: 'TensorFlow',
  keras: 'Keras 3',
  jax: 'JAX',
  onnx: 'ONNX',
  tfjs: 'TensorFlow.js',
  webnn: 'WebNN',
}

const along = Object.fromEntries(sizeNames.map((name) => [name, name])) as Record<
  (typeof sizeNames)[number],
  (typeof sizeNames)[number]
>

/** The layer of the settings, written for a framework so that it computes the same as one of the conventions. */
export function Code() {
  const { state, change, set } = usePage()
  const { to, axes, rules } = state
  const from = Math.min(state.from, rules.length - 1)
  const rule = rules[from]
  const written = useMemo(() => writtenFor(state, rule, to), [state, rule, to])
  return (
    <div class="view">
      <Settings>
        <OperationField />
        <label class="field choice">
          <span>Axes</span>
          <select value={axes} onChange={({ currentTarget }) => change('axes', currentTarget.value)}>
            {ranks.map((rank) => (
              <option key={rank} value={rank}>
                {rank === '1' ? 'one' : 'two'}
              </option>
            ))}
          </select>
        </label>
        <SizeFields names={along} legend={axes === '2' ? 'Along the height' : undefined} />
        {axes === '2' && <SizeFields names={acrossName} legend="Along the width" />}
        <RuleFields />
      </Settings>
      <div class="stage">
        <section class="card" aria-label="Code">
          <div class="choices">
            <fieldset class="chips">
              <legend>Computes the same as</legend>
              {rules.map((one, index) => (
                <Chip key={`${index} ${one}`} name="from" checked={index === from} onPick={() => set({ from: index })}>
                  <code>{one}</code>
                </Chip>
              ))}
            </fieldset>
            <fieldset class="chips">
              <legend>Written for</legend>
              {spelledFrameworks.map((one) => (
                <Chip key={one} name="to" checked={one === to} onPick={() => change('to', one)}>
                  {names[one]}
                </Chip>
              ))}
            </fieldset>
          </div>
          {'error' in written ? (
            <p class="fault" role="status">
              {written.error}
            </p>
          ) : (
            <>
              <div class="listing">
                <CopyButton text={() => written.text} label="Copy code" />
                {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
                <section class="scroll" tabIndex={0} aria-label={`The layer in ${names[to]}`}>
                  <pre>
                    <code>{written.text}</code>
                  </pre>
                </section>
              </div>
              <p class="muted">
                SAME depends on the input, so this holds for {written.sizes} only; the same sums for every value.
              </p>
            </>
          )}
        </section>
        {!('error' in written) && <Arguments written={written} />}
      </div>
    </div>
  )
}

interface ChipProps {
  readonly name: string
  readonly checked: boolean
  readonly onPick: () => void
  readonly children: ComponentChildren
}

function Chip({ name, checked, onPick, children }: ChipProps) {
  return (
    <label class="chip">
      <input type="radio" name={name} checked={checked} onChange={onPick} />
      <span>{children}</span>
    </label>
  )
}

interface Written extends Spellable {
  readonly text: string
  readonly sizes: string
}

function writtenFor(state: LayerState & { axes: string }, rule: string, to: Framework): Written | { error: string } {
  try {
    const sizes = state.axes === '2' ? [sizesOf(state), acrossOf(state)] : [sizesOf(state)]
    const settings = sizes.map((axis) => settingOf(rule, state.op, axis))
    const input = sizes.map((axis) => axis.input)
    const layer = spellable(settings, input)
    return { ...layer, text: spell(layer.geometry, to, layer.options), sizes: `an input of ${input.join(' x ')}` }
  } catch (error) {
    return { error: messageOf(error) }
  }
}

/** The same numbers under every framework's names and in its order. */
function Arguments({ written }: { written: Written }) {
  return (
    <section class="card" aria-label="Arguments">
      <h2>The numbers in every framework's order</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll" tabIndex={0} aria-label="Table of arguments">
        <table>
          <tbody>
            {spelledFrameworks.map((framework) => (
              <tr key={framework}>
                <th scope="row">{names[framework]}</th>
                <td>
                  <code>
                    {Object.entries(argumentsOf(written.geometry, framework))
                      .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
                      .join('  ')}
                  </code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </section>
  )
}

import { usePage } from '../../state/page.ts'
import type { Planned } from './messages.ts'
import { haloOf, neededOf, type pieceAt, stepOf } from './model.ts'
import { pieceInWords } from './words.ts'

interface Props {
  readonly planned: Planned
  readonly chosen: ReturnType<typeof pieceAt>
}

/** The size of pieces, their halo, and the piece that is looked at, for keys and for mice. */
export function Sliders({ planned, chosen }: Props) {
  const { state, set } = usePage()
  const { plan, least } = planned
  const step = stepOf(plan)
  const needed = Math.ceil(neededOf(plan) / step) * step
  const longest = Math.max(...plan.axes.map(({ size }) => size))
  const halo = haloOf(planned, state.halo)
  const isNeeded = state.halo === undefined && planned.mixed === undefined
  return (
    <div class="stepper tile-sliders">
      <Slider
        label="Pieces of at most"
        unit="cells"
        {...{
          value: Math.min(longest, Math.max(least, state.tile)),
          least: Math.min(least, longest),
          most: longest,
          step,
        }}
        onValue={(tile) => set({ tile })}
      />
      <Slider
        label={isNeeded ? 'Halo, as the network needs it' : 'Halo'}
        unit="cells"
        {...{ value: halo, least: 0, most: Math.max(2 * needed, 4 * step, halo), step }}
        onValue={(cells) => set({ halo: cells === needed && planned.mixed === undefined ? undefined : cells })}
      />
      <Slider
        label="Piece"
        unit={`of ${chosen.count}`}
        {...{ value: chosen.at + 1, least: 1, most: chosen.count, step: 1 }}
        onValue={(number) => set({ piece: number - 1 })}
      />
      <p class="facts">{pieceInWords(planned, chosen)}</p>
      {state.halo !== undefined && planned.mixed === undefined && (
        <button type="button" onClick={() => set({ halo: undefined })}>
          Use the halo that the network needs: {needed}
          {step > 1 && ` (in steps of ${step})`}
        </button>
      )}
    </div>
  )
}

interface SliderProps {
  readonly label: string
  readonly unit: string
  readonly value: number
  readonly least: number
  readonly most: number
  readonly step: number
  readonly onValue: (value: number) => void
}

function Slider({ label, unit, value, least, most, step, onValue }: SliderProps) {
  return (
    <label class="transport">
      <span>
        {label} <b>{value}</b> {unit}
      </span>
      <input
        type="range"
        min={least}
        max={most}
        {...{ step, value }}
        onInput={({ currentTarget }) => onValue(Number(currentTarget.value))}
      />
    </label>
  )
}

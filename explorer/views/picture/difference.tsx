import { useMemo, useState } from 'preact/hooks'
import { PlayButton } from '../../components/play-button.tsx'
import { PictureFigure, Ramp } from './canvas.tsx'
import type { Beside, Shot } from './model.ts'
import { wiped } from './paint.ts'
import { differenceInWords } from './words.ts'

interface Props {
  readonly beside: Beside
  readonly index: number
  readonly shots: readonly Shot[]
}

/** The difference of two conventions, and each of them in the same place, to be switched between. */
export function DifferenceFigure({ beside, index, shots }: Props) {
  const { rules, pixels, full, most } = beside
  const [at, setAt] = useState(0)
  const [share, setShare] = useState(50)
  const name = `seen-${index}`
  const [one, two] = rules.map((rule) => shots.find((shot) => shot.rule === rule && shot.made)!.made!.pixels)
  const both = useMemo(() => wiped(one, two, share / 100), [one, two, share])
  const faces = [
    { text: 'Difference', pixels },
    { text: rules[0], pixels: one },
    { text: rules[1], pixels: two },
    { text: 'One over the other', pixels: both },
  ]
  const [first, second] = rules
  return (
    <PictureFigure
      title={
        <>
          Where <code>{second}</code> and <code>{first}</code> differ
        </>
      }
      label={at === 0 ? `Difference of ${first} and ${second}` : `${faces[at].text} in the place of the difference`}
      pixels={faces[at].pixels}
      file={`samepad-difference-${index + 1}`}
    >
      <Ramp full={full} most={most} />
      <p role="status">
        <b class={most === 0 ? 'equal' : 'different'}>
          {most === 0 ? '=' : '◆'} {differenceInWords(beside)}
        </b>
      </p>
      {at === 3 && (
        <label class="transport">
          <span>
            <code>{first}</code> over <code>{second}</code>
          </span>
          <input
            type="range"
            min={0}
            max={100}
            value={share}
            onInput={({ currentTarget }) => setShare(Number(currentTarget.value))}
          />
        </label>
      )}
      <fieldset class="chips">
        <legend>Show here, to switch between</legend>
        {faces.map(({ text }, face) => (
          <label class="chip" key={`${face} ${text}`}>
            <input type="radio" name={name} checked={face === at} onChange={() => setAt(face)} />
            <span>{text}</span>
          </label>
        ))}
        {/* One after the other in the same place: what moves is seen. */}
        <PlayButton label="Blink" count={2} at={at === 2 ? 1 : 0} onStep={(step) => setAt(step + 1)} />
      </fieldset>
    </PictureFigure>
  )
}

import { useMemo, useState } from 'preact/hooks'
import { useGiven } from '../../../components/use-given.ts'
import { ownClasses } from '../../../state/given.ts'
import { ColourScale, PictureFigure } from '../../picture/canvas.tsx'
import { apart } from '../../story/face.ts'
import { ScrollTable } from '../table.tsx'
import { classNameAt } from './class-names.ts'
import { ClassesField } from './classes-field.tsx'
import { boxed } from './faces.ts'
import type { Ran } from './messages.ts'
import type { Entry, OutputMap, OutputReport } from './outputs.ts'
import { otherName, placeText, shareOfRange, valueText } from './words.ts'

const MOST = 12 // outputs
const FEWEST = 3 // classes of which names are asked

/** Every output of both runs, and how they differ. */
export function Outputs({ ran }: { ran: Ran }) {
  const { outputs } = ran
  return (
    <>
      <div class="shots">
        <PictureFigure
          title="The photo"
          label="The photo as the network gets it"
          pixels={ran.photo}
          file="samepad-input"
        >
          <p class="muted">
            The photo as the network gets it, {ran.photo.width} x {ran.photo.height} pixels.
          </p>
        </PictureFigure>
        {ran.faces && <FacesFigure ran={ran} faces={ran.faces} />}
        {outputs
          .slice(0, MOST)
          .map((output) => output.map && <MapFigure key={output.name} {...{ output, ran }} map={output.map} />)}
      </div>
      <h3>What comes out of the network</h3>
      <p class="legend">
        <span class="input">■ as it pads</span>
        <span class="different">■ {otherName[ran.padding]}</span>
        <span>each output is a list of numbers; shown are those that differ most, each by its place in the list</span>
      </p>
      {outputs.slice(0, MOST).map((output) => (
        <OutputEntries key={output.name} {...{ output, ran }} />
      ))}
      {outputs.length > MOST && <p class="muted">{outputs.length - MOST} more outputs.</p>}
    </>
  )
}

/** The face that each run finds, as boxes on the photo. */
function FacesFigure({ ran, faces }: { ran: Ran; faces: NonNullable<Ran['faces']> }) {
  const pixels = useMemo(() => boxed(ran.photo, faces), [ran.photo, faces])
  const by = apart(...faces).toFixed(1)
  const isFound = faces.every(({ score }) => score > 0.5)
  return (
    <PictureFigure
      title="The face that each run finds"
      label={`The photo with the boxes of both runs, ${by} pixels apart`}
      pixels={pixels}
      file="samepad-faces"
    >
      <p>
        <b class="equal">▭ as it pads</b> · <b class="different">▭ {otherName[ran.padding]}</b>: their middles are {by}{' '}
        of the network’s {ran.photo.width} pixels apart.
        {!isFound && ' It is not sure that there is a face: the boxes are its best guess.'}
      </p>
    </PictureFigure>
  )
}

/** An output that is a picture: where it differs, and both runs in the same place. */
function MapFigure({ output, map, ran }: { output: OutputReport; map: OutputMap; ran: Ran }) {
  const [at, setAt] = useState(2)
  const { name, largest, shape } = output
  const faces = ['As it pads', otherName[ran.padding], 'Difference']
  const isSame = largest === 0
  return (
    <PictureFigure
      title={<code>{name}</code>}
      label={`Output ${name}, ${shape.join(' x ')}: ${at === 2 ? 'how far both runs are apart' : faces[at]}`}
      pixels={map.pixels[at]}
      file={`samepad-output-${at}`}
    >
      {at === 2 ? (
        <ColourScale
          brightest={valueText(map.brightest)}
          label={`Colours from black, no difference, to the brightest, ${valueText(map.brightest)}`}
        />
      ) : (
        <Grey map={map} />
      )}
      <p>
        <b class={isSame ? 'equal' : 'different'}>
          {isSame ? '= The same in every cell.' : `◆ ${shareOfRange(output)} apart at most.`}
        </b>{' '}
        {map.channels > 1 && map.channels !== 3 && `A cell is the mean of ${map.channels} channels.`}
      </p>
      <fieldset class="chips">
        <legend>Show here, to switch between</legend>
        {faces.map((text, face) => (
          <label class="chip" key={text}>
            <input type="radio" name={`face of ${name}`} checked={face === at} onChange={() => setAt(face)} />
            <span>{text}</span>
          </label>
        ))}
      </fieldset>
    </PictureFigure>
  )
}

function Grey({ map: { range } }: { map: OutputMap }) {
  return (
    <p class="muted">
      Black is {valueText(range[0])}, white is {valueText(range[1])}.
    </p>
  )
}

/** The values of an output that tell most, of both runs. */
function OutputEntries({ output, ran }: { output: OutputReport; ran: Ran }) {
  const { name, shape, largest, at, share, entries, isRow } = output
  const classes = useGiven(ownClasses)
  const count = shape[shape.length - 1]
  const nameOf = ({ place }: Entry): string | undefined =>
    isRow && classes ? classNameAt(classes.names, place[place.length - 1], count) : undefined
  const finite = entries.flatMap(({ values }) => values).filter(Number.isFinite)
  const range = [Math.min(0, ...finite), Math.max(0, ...finite)] as const
  const heads = [isRow ? 'largest, at' : 'farthest apart, at', 'as it pads', otherName[ran.padding], 'as bars']
  const isSame = largest === 0
  return (
    <section class="output" aria-label={`Output ${name}`}>
      <h3>
        <code>{name}</code> <small class="muted">{shape.join(' x ')}</small>
      </h3>
      <p>
        <b class={isSame ? 'equal' : 'different'}>
          {isSame ? '= The same.' : `◆ ${valueText(largest)} apart at most, ${shareOfRange(output)}`}
        </b>
        {!isSame &&
          `, at ${placeText(at, shape)}: ${valueText(at.values[0])} and ${valueText(at.values[1])}. ${percent(share)} of its values differ.`}
      </p>
      {isRow && count >= FEWEST && <ClassesField count={count} />}
      <ScrollTable label={`Values of ${name}`} heads={heads}>
        {entries.map((entry) => (
          <tr key={entry.place.join()}>
            <th scope="row">
              {placeText(entry, shape)} <span class="muted">{nameOf(entry)}</span>
            </th>
            {entry.values.map((value, run) => (
              <td key={run} data-head={heads[run + 1]}>
                {valueText(value)}
              </td>
            ))}
            <td class="bars">
              <Bars values={entry.values} range={range} />
            </td>
          </tr>
        ))}
      </ScrollTable>
    </section>
  )
}

const LONG = 120

/** Both values of an entry as bars from 0, one under the other. */
function Bars({ values, range: [low, high] }: { values: readonly [number, number]; range: readonly [number, number] }) {
  const at = (value: number): number => (LONG * (Math.min(high, Math.max(low, value)) - low)) / (high - low || 1)
  return (
    <svg aria-hidden="true" viewBox={`0 0 ${LONG} 14`} width={LONG} height={14}>
      {values.map((value, run) => (
        <rect
          key={run}
          class={run === 0 ? 'value-bar own' : 'value-bar other'}
          x={Math.min(at(0), at(value || 0))}
          y={run * 8}
          width={Math.max(1, Math.abs(at(value || 0) - at(0)))}
          height={6}
        />
      ))}
      <line class="zero" x1={at(0)} x2={at(0)} y1={0} y2={14} />
    </svg>
  )
}

const percent = (share: number): string =>
  share > 0.0995 ? `${(100 * share).toFixed(0)} %` : `${(100 * share).toFixed(1)} %`

import { useEffect, useState } from 'preact/hooks'
import photo from '../../../examples/face/data/astronaut.png?url'
import model from '../../../examples/face/data/blazeface-front.onnx?url'
import { useWorker } from '../../components/use-worker.ts'
import { messageOf } from '../../state/message.ts'
import { apart } from './face.ts'
import type { Face, Reply, Request } from './messages.ts'

const PHOTO = 512 // pixels of its sides

/** A photo with the face that a network finds, computed here and now: as it was trained, and with symmetric padding. */
export function FacePhoto() {
  const { last, failure, send } = useWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  )
  const [trouble, setTrouble] = useState<string>()
  useEffect(() => {
    let gone = false
    Promise.all([model, photo].map(async (file) => (await fetch(file)).blob())).then(
      ([file, picture]) => !gone && send({ model: file, photo: picture }),
      (error) => !gone && setTrouble(messageOf(error)),
    )
    return () => {
      gone = true
    }
  }, [send])
  const refusal = failure ?? trouble ?? last?.refusal
  const faces = last?.faces
  return (
    <figure class="figure face">
      <svg role="img" aria-label={labelOf(faces)} viewBox={`0 0 ${PHOTO} ${PHOTO}`}>
        <image href={photo} width={PHOTO} height={PHOTO} />
        {faces && <Box face={faces[0]} kind="trained" />}
        {faces && <Box face={faces[1]} kind="ported" />}
        {faces && <Label face={faces[0]} kind="trained" text="TensorFlow’s padding" />}
        {faces && <Label face={faces[1]} kind="ported" text="PyTorch’s padding" />}
      </svg>
      <figcaption aria-live="polite">
        {refusal && <p class="refusal">{refusal}</p>}
        {!refusal && !faces && <p class="muted">The network is fetched and run in this page…</p>}
        {faces && (
          <p>
            <b class="equal">▭ TensorFlow’s padding, as it was trained</b> ·{' '}
            <b class="different">▭ PyTorch’s padding, the same weights</b>: their middles (●) are{' '}
            <b>{apart(...faces).toFixed(0)} pixels apart</b>, of the photo’s {PHOTO}. {last?.changed} of its layers have
            a stride of 2 and are padded differently. Computed in this page in {last?.time?.toFixed(0)} ms.
          </p>
        )}
      </figcaption>
    </figure>
  )
}

/** Whose box it is: above that of the network as it was trained, below the other one. */
function Label({ face, kind, text }: { face: Face; kind: 'trained' | 'ported'; text: string }) {
  const isAbove = kind === 'trained'
  return (
    <text class={`box-name ${kind}`} x={face.x} y={isAbove ? face.y - 10 : face.y + face.height + 22}>
      {text}
    </text>
  )
}

const labelOf = (faces: readonly [Face, Face] | undefined): string =>
  faces
    ? `A portrait with two boxes around the face, ${apart(...faces).toFixed(0)} pixels apart`
    : 'A portrait, without boxes as yet'

function Box({ face: { x, y, width, height }, kind }: { face: Face; kind: 'trained' | 'ported' }) {
  return (
    <>
      <rect class="halo" x={x} y={y} width={width} height={height} />
      <rect class={`found ${kind}`} x={x} y={y} width={width} height={height} />
      <circle class={`found ${kind}`} cx={x + width / 2} cy={y + height / 2} r={3} />
    </>
  )
}

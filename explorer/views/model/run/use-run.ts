import { useMemo, useState } from 'preact/hooks'
import portrait from '../../../../examples/face/data/astronaut.png?url'
import { useFile } from '../../../components/use-file.ts'
import { useFileWorker } from '../../../components/use-file-worker.ts'
import cat from '../../picture/photo/chelsea.png'
import { fetchSample } from '../sample.ts'
import type { Order, Ran, Reply, Request } from './messages.ts'
import type { PhotoName } from './state.ts'

export interface Bench {
  /** What came of the last order, or of one before of the same model while `busy`. */
  readonly ran?: Ran
  readonly unsupported?: Reply['unsupported']
  readonly refusal?: string
  readonly busy: boolean
  /** Ends what runs. */
  readonly stop: () => void
}

/**
 * Has a worker run a model on a photo, always as the newest order says. A new object is a new order.
 *
 * @param model the reader's file; by default the page's own
 * @param photo the reader's file, or the name of one of the page's
 */
export function useRun(model: File | undefined, photo: File | PhotoName, order: Order): Bench {
  const [file, fileTrouble] = useFile(model ?? fetchSample)
  const [picture, pictureTrouble] = useFile(typeof photo === 'string' ? pagePhotos[photo] : photo)
  const whole = useMemo(() => file && picture && { ...order, model: file, photo: picture }, [file, picture, order])
  const { current, shown, failure, busy, restart } = useFileWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    whole,
    ({ ran }) => ran !== undefined,
  )
  const [stopped, setStopped] = useState<object>()
  const isStopped = stopped !== undefined && stopped === whole
  const trouble = failure ?? fileTrouble ?? pictureTrouble ?? (isStopped ? 'it was stopped' : undefined)
  return {
    ran: shown?.ran,
    unsupported: current?.unsupported,
    refusal: trouble ?? current?.refusal,
    busy: !trouble && busy,
    stop: () => {
      restart()
      setStopped(whole)
    },
  }
}

/** Photos that come with the page, fetched when they are asked for. */
const pagePhotos: Readonly<Record<PhotoName, () => Promise<Blob>>> = {
  portrait: async () => (await fetch(portrait)).blob(),
  cat: async () => (await fetch(cat)).blob(),
}

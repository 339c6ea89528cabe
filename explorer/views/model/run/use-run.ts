import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import portrait from '../../../../examples/face/data/astronaut.png?url'
import type { NumberedFile } from '../../../components/last-read.ts'
import { useFile } from '../../../components/use-file.ts'
import { useWorker } from '../../../components/use-worker.ts'
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
  const { last, failure, busy, send, restart } = useWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  )
  const [file, fileTrouble] = useFile(model ?? fetchSample)
  const [picture, pictureTrouble] = useFile(typeof photo === 'string' ? pagePhotos[photo] : photo)
  const [stopped, setStopped] = useState(false)
  const asked = useRef<{ readonly model: NumberedFile; readonly since: number }>(undefined)
  const isBusy = useRef(busy)
  isBusy.current = busy

  useLayoutEffect(() => {
    if (!file || !picture) return
    const isSame = asked.current?.model === file
    if (!isSame && isBusy.current) restart() // with another model, which may never end
    const since = send({ ...order, model: file, photo: picture })
    if (!isSame) asked.current = { model: file, since }
    setStopped(false)
  }, [file, picture, order, send])

  // What was said of another model is forgotten.
  const since = asked.current?.model === file ? (asked.current?.since ?? 0) : Number.POSITIVE_INFINITY
  const current = last && last.id >= since ? last : undefined
  const shown = useRef<Reply>(undefined)
  if (current?.ran) shown.current = current
  const trouble = failure ?? fileTrouble ?? pictureTrouble ?? (stopped ? 'it was stopped' : undefined)
  return {
    ran: shown.current && shown.current.id >= since ? shown.current.ran : undefined,
    unsupported: current?.unsupported,
    refusal: trouble ?? current?.refusal,
    busy: !trouble && (busy || !current),
    stop: () => {
      restart()
      setStopped(true)
    },
  }
}

/** Photos that come with the page, fetched when they are asked for. */
const pagePhotos: Readonly<Record<PhotoName, () => Promise<Blob>>> = {
  portrait: async () => (await fetch(portrait)).blob(),
  cat: async () => (await fetch(cat)).blob(),
}

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import portrait from '../../../../examples/face/data/astronaut.png?url'
import { useWorker } from '../../../components/use-worker.ts'
import { messageOf } from '../../../state/message.ts'
import cat from '../../picture/photo/chelsea.png'
import { fetchSample } from '../sample.ts'
import type { NumberedFile, Order, Ran, Reply, Request } from './messages.ts'
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
  const [file, fileTrouble] = useFile(model ?? 'sample')
  const [picture, pictureTrouble] = useFile(photo)
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

type Source = File | keyof typeof pageFiles

/** What comes with the page, fetched when it is asked for. */
const pageFiles = {
  sample: fetchSample,
  portrait: async () => (await fetch(portrait)).blob(),
  cat: async () => (await fetch(cat)).blob(),
} as const satisfies Record<PhotoName | 'sample', () => Promise<Blob>>

let count = 0

/** A file with its number, once it is here; or why it cannot be had. */
function useFile(source: Source): [file: NumberedFile | undefined, trouble: string | undefined] {
  const [found, setFound] = useState<{
    readonly source: Source
    readonly file?: NumberedFile
    readonly trouble?: string
  }>()
  useEffect(() => {
    let stale = false
    const tell = (rest: { file?: NumberedFile; trouble?: string }): void => {
      if (!stale) setFound({ source, ...rest })
    }
    if (typeof source !== 'string') tell({ file: { number: ++count, file: source } })
    else
      pageFiles[source]().then(
        (file) => tell({ file: { number: ++count, file } }),
        (error) => tell({ trouble: messageOf(error) }),
      )
    return () => {
      stale = true
    }
  }, [source])
  return found?.source === source ? [found.file, found.trouble] : [undefined, undefined]
}

import { useEffect, useRef, useState } from 'preact/hooks'
import type { Reply, Request } from './messages.ts'
import chelsea from './photo/chelsea.png'

/** The reader's own photo while the page is open; it is in no link, and goes nowhere. */
let ownPhoto: Blob | undefined
let lastId = 0

/** What a worker answers. */
export interface Studio {
  /** The last answer with pictures. */
  readonly shown?: Reply
  /** What was wrong with the last order. */
  readonly refusal?: string
  /** Whether an order is still being worked on. */
  readonly busy: boolean
  /** The name of the reader's own photo; undefined for the one that comes with the page. */
  readonly own?: string
  /** Takes a photo, or the page's one again. */
  readonly take: (photo?: Blob) => void
}

/** Has a worker compute what is ordered, always the newest. A new object is a new order. */
export function useShown(order: Omit<Request, 'id' | 'photo'>): Studio {
  const [photo, setPhoto] = useState(ownPhoto)
  const [replies, setReplies] = useState<{ readonly last?: Reply; readonly shown?: Reply }>({})
  const [asked, setAsked] = useState(0)
  const studio = useRef<{ readonly worker: Worker; given?: Blob | 'bundled' }>(undefined)

  useEffect(() => {
    const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' })
    worker.onmessage = ({ data }: MessageEvent<Reply>) =>
      setReplies(({ shown }) => ({ last: data, shown: data.shown ? data : shown }))
    studio.current = { worker }
    return () => worker.terminate()
  }, [])

  useEffect(() => {
    let stale = false
    const wanted = photo ?? 'bundled'
    const send = (blob?: Blob): void => {
      if (stale || !studio.current) return
      if (blob) studio.current.given = wanted
      lastId++
      studio.current.worker.postMessage({ ...order, id: lastId, photo: blob } satisfies Request)
      setAsked(lastId)
    }
    if (studio.current?.given === wanted) send()
    else if (photo) send(photo)
    else bundled().then(send)
    return () => {
      stale = true
    }
  }, [photo, order])

  const { last, shown } = replies
  return {
    ...{ shown, refusal: last?.refusal, busy: last?.id !== asked },
    own: photo && (photo instanceof File ? photo.name : 'your photo'),
    take: (next) => {
      ownPhoto = next
      setPhoto(next)
    },
  }
}

/** The photo that comes with the page, fetched when it is first looked at. */
const bundled = async (): Promise<Blob> => (await fetch(chelsea)).blob()

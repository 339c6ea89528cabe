import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useGiven } from '../../components/use-given.ts'
import { useWorker } from '../../components/use-worker.ts'
import { ownPhoto } from '../../state/given.ts'
import { messageOf } from '../../state/message.ts'
import type { Reply, Request } from './messages.ts'
import chelsea from './photo/chelsea.png'

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
  readonly take: (photo?: File) => void
}

/** Has a worker compute what is ordered, always the newest. A new object is a new order. */
export function useShown(order: Omit<Request, 'id' | 'photo'>): Studio {
  const photo = useGiven(ownPhoto)
  const { last, failure, busy, send } = useWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  )
  const shown = useRef<Reply>(undefined)
  if (last?.shown) shown.current = last
  const given = useRef<Blob | 'bundled'>(undefined)
  const wanted = photo ?? 'bundled'
  const [trouble, setTrouble] = useState<string>()

  useLayoutEffect(() => {
    let stale = false
    const give = (blob: Blob): void => {
      if (stale) return
      given.current = wanted
      send({ ...order, photo: blob })
    }
    setTrouble(undefined)
    if (given.current === wanted) send(order)
    else if (photo) give(photo)
    else bundled().then(give, (error) => !stale && setTrouble(messageOf(error)))
    return () => {
      stale = true
    }
  }, [photo, order, send])

  const refusal = failure ?? trouble ?? last?.refusal
  return {
    ...{ shown: shown.current, refusal, busy: busy || (given.current !== wanted && !refusal) },
    own: photo?.name,
    take: ownPhoto.give,
  }
}

/** The photo that comes with the page, fetched when it is first looked at. */
const bundled = async (): Promise<Blob> => (await fetch(chelsea)).blob()

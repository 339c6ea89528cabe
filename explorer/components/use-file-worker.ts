import { useLayoutEffect, useRef } from 'preact/hooks'
import type { NumberedFile } from './last-read.ts'
import { useWorker } from './use-worker.ts'

interface Asked {
  readonly id: number
  readonly model: NumberedFile
}

/** What a worker says of a model. */
export interface FileDesk<Reply> {
  /** The last answer on this model. */
  readonly current: Reply | undefined
  /** The last good one; of an older order while `busy`. */
  readonly shown: Reply | undefined
  readonly failure: string | undefined
  readonly busy: boolean
  /** Ends the worker in the middle of whatever it does. */
  readonly restart: () => void
}

/**
 * Has a worker answer orders about a model, always the newest. A new object is a new order; what was said of another model is
 * forgotten, and a worker that is busy with it is ended.
 *
 * @param order undefined as long as something of it is awaited
 */
export function useFileWorker<Request extends Asked, Reply extends { readonly id: number }>(
  make: () => Worker,
  order: Omit<Request, 'id'> | undefined,
  isGood: (reply: Reply) => boolean,
): FileDesk<Reply> {
  const { last, failure, busy, send, restart } = useWorker<Request, Reply>(make)
  const asked = useRef<{ readonly model: NumberedFile; readonly since: number }>(undefined)
  const isBusy = useRef(busy)
  isBusy.current = busy

  useLayoutEffect(() => {
    if (!order) return
    const isSame = asked.current?.model === order.model
    if (!isSame && isBusy.current) restart() // it may never end
    const since = send(order)
    if (!isSame) asked.current = { model: order.model, since }
  }, [order, send])

  const since = order && asked.current?.model === order.model ? asked.current.since : Number.POSITIVE_INFINITY
  const current = last && last.id >= since ? last : undefined
  const shown = useRef<Reply>(undefined)
  if (current && isGood(current)) shown.current = current
  return {
    ...{ current, failure, restart },
    shown: shown.current && shown.current.id >= since ? shown.current : undefined,
    busy: !failure && (busy || !current),
  }
}

import { useLayoutEffect, useRef } from 'preact/hooks'
import type { NumberedFile } from '../../components/last-read.ts'
import { useWorker } from '../../components/use-worker.ts'
import type { Planned, Reply, Request } from './messages.ts'

export interface PlanDesk {
  /** The last plan of this model; an older one while `busy`. */
  readonly planned?: Planned
  readonly refusal?: string
  readonly busy: boolean
}

/** Has a worker plan pieces, always for the newest order. A new object is a new order. */
export function usePlan(model: NumberedFile | undefined, order: Omit<Request, 'id' | 'model'>): PlanDesk {
  const { last, failure, busy, send, restart } = useWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  )
  const asked = useRef<{ readonly model: NumberedFile; readonly since: number }>(undefined)
  const isBusy = useRef(busy)
  isBusy.current = busy

  useLayoutEffect(() => {
    if (!model) return
    const isSame = asked.current?.model === model
    if (!isSame && isBusy.current) restart() // with another model, which may never end
    const since = send({ ...order, model })
    if (!isSame) asked.current = { model, since }
  }, [model, order, send])

  const since = asked.current?.model === model ? (asked.current?.since ?? 0) : Number.POSITIVE_INFINITY
  const current = last && last.id >= since ? last : undefined
  const shown = useRef<Reply>(undefined)
  if (current?.planned) shown.current = current
  return {
    planned: shown.current && shown.current.id >= since ? shown.current.planned : undefined,
    refusal: failure ?? current?.refusal,
    busy: !failure && (busy || !current),
  }
}

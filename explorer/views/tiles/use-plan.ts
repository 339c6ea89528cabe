import { useMemo } from 'preact/hooks'
import type { NumberedFile } from '../../components/last-read.ts'
import { useFileWorker } from '../../components/use-file-worker.ts'
import type { Planned, Reply, Request } from './messages.ts'

export interface PlanDesk {
  /** The last plan of this model; an older one while `busy`. */
  readonly planned?: Planned
  readonly refusal?: string
  readonly busy: boolean
}

/** Has a worker plan pieces, always for the newest order. A new object is a new order. */
export function usePlan(model: NumberedFile | undefined, order: Omit<Request, 'id' | 'model'>): PlanDesk {
  const whole = useMemo(() => model && { ...order, model }, [model, order])
  const { current, shown, failure, busy } = useFileWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
    whole,
    ({ planned }) => planned !== undefined,
  )
  return { planned: shown?.planned, refusal: failure ?? current?.refusal, busy }
}

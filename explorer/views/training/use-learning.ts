import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { useWorker } from '../../components/use-worker.ts'
import type { Progress, Reply, Request } from './messages.ts'

export interface Classroom {
  readonly progress?: Progress
  readonly refusal?: string
  /** Lets it learn, or wait. */
  readonly let: (isRunning: boolean) => void
  /** A network that has learned nothing. */
  readonly reset: () => void
}

/** A network that learns in a worker. Another seed or size of a step is another network. */
export function useLearning(seed: number, batch: number): Classroom {
  const { last, failure, send, restart } = useWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  )
  const since = useRef(0)
  const [count, setCount] = useState(0)
  const order = (isRunning: boolean): number => {
    const isCalm = matchMedia('(prefers-reduced-motion: reduce)').matches
    return send({ isRunning, seed, batch, every: isCalm ? 500 : 60 })
  }
  useLayoutEffect(() => {
    if (since.current > 0) restart() // and with it its memory
    since.current = order(false)
  }, [seed, batch, count])
  const current = last && last.id >= since.current ? last : undefined
  const shown = useRef<Progress>(undefined)
  if (current?.progress) shown.current = current.progress
  return {
    progress: shown.current,
    refusal: failure ?? current?.refusal,
    let: order,
    reset: () => setCount(count + 1),
  }
}

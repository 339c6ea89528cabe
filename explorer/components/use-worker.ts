import { useLayoutEffect, useRef, useState } from 'preact/hooks'

interface Numbered {
  readonly id: number
}

/** What stands beside a component and works for it. */
export interface Workshop<Request extends Numbered, Reply extends Numbered> {
  /** The last answer. */
  readonly last?: Reply
  /** Why there will be none. */
  readonly failure?: string
  /** Whether the newest request is not answered yet. */
  readonly busy: boolean
  /** @returns the request's number, which its answer has too; later ones have higher numbers */
  readonly send: (request: Omit<Request, 'id'>) => number
  /** Ends the worker in the middle of whatever it does, and starts another. */
  readonly restart: () => void
}

const PATIENCE = 60_000 // milliseconds that an answer may take

/**
 * A worker that lives as long as the component. It may drop requests when newer ones come; one that does not answer is
 * ended.
 *
 * Requests are best sent in layout effects: a later one leaves a frame that shows an old answer and is not `busy`.
 */
export function useWorker<Request extends Numbered, Reply extends Numbered>(
  make: () => Worker,
): Workshop<Request, Reply> {
  const worker = useRef<Worker>(undefined)
  const newest = useRef(0)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const [asked, setAsked] = useState(0)
  const [last, setLast] = useState<Reply>()
  const [failure, setFailure] = useState<string>()
  const start = useRef((): void => {
    worker.current?.terminate()
    clearTimeout(timer.current)
    setFailure(undefined)
    worker.current = make()
    worker.current.onmessage = ({ data }: MessageEvent<Reply>) => {
      if (data.id === newest.current) clearTimeout(timer.current)
      setLast(data)
    }
    worker.current.onerror = ({ message }) => setFailure(message || 'this page must be allowed a worker')
  })
  useLayoutEffect(() => {
    start.current()
    return () => {
      clearTimeout(timer.current)
      worker.current?.terminate()
    }
  }, [])
  const send = useRef((request: Omit<Request, 'id'>): number => {
    newest.current++
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      start.current()
      setFailure('it took longer than a minute, and was ended')
    }, PATIENCE)
    worker.current?.postMessage({ ...request, id: newest.current })
    setAsked(newest.current)
    return newest.current
  })
  const busy = !failure && asked > 0 && last?.id !== asked
  return { last, failure, busy, send: send.current, restart: start.current }
}

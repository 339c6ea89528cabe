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
}

/**
 * A worker that lives as long as the component. It may drop requests when newer ones come.
 *
 * Requests are best sent in layout effects: a later one leaves a frame that shows an old answer and is not `busy`.
 */
export function useWorker<Request extends Numbered, Reply extends Numbered>(
  make: () => Worker,
): Workshop<Request, Reply> {
  const worker = useRef<Worker>(undefined)
  const newest = useRef(0)
  const [asked, setAsked] = useState(0)
  const [last, setLast] = useState<Reply>()
  const [failure, setFailure] = useState<string>()
  useLayoutEffect(() => {
    worker.current = make()
    worker.current.onmessage = ({ data }: MessageEvent<Reply>) => setLast(data)
    worker.current.onerror = ({ message }) => setFailure(message || 'explorer: this page must be allowed a worker')
    return () => worker.current?.terminate()
  }, [])
  const send = useRef((request: Omit<Request, 'id'>): number => {
    newest.current++
    worker.current?.postMessage({ ...request, id: newest.current })
    setAsked(newest.current)
    return newest.current
  })
  return { last, failure, busy: !failure && asked > 0 && last?.id !== asked, send: send.current }
}

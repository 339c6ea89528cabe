import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { FixOptions } from 'samepad/models'
import { saveAs } from '../../components/save.ts'
import { useWorker } from '../../components/use-worker.ts'
import { messageOf } from '../../state/message.ts'
import type { Reply, Report, Request, Written } from './messages.ts'
import { mendedName } from './model.ts'
import { fetchSample, SAMPLE } from './sample.ts'

export interface Desk {
  /** The model that is looked at. */
  readonly name?: string
  /** The last report on it; an older one of the same file while `busy`. */
  readonly report?: Report
  /** What was wrong with the file, or with what was asked about it. */
  readonly refusal?: string
  readonly busy: boolean
  /** The mended file that was handed to the reader last, as long as it is what is asked for. */
  readonly written?: { readonly name: string; readonly file: Blob; readonly which: Written }
  /** Writes the mended file and hands it to the reader. */
  readonly write: (which: Written) => void
}

/**
 * Has a worker audit a model.
 *
 * @param files the reader's file, perhaps with another export of it; none for the sample
 * @param options sizes and rewrite; a new object is a new question
 */
export function useAudit(files: readonly File[], sample: boolean, options: FixOptions): Desk {
  const [own, other] = files
  const { last, failure, busy, send, restart } = useWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  )
  const wanted = own ?? (sample ? SAMPLE : undefined)
  const given = useRef<{ readonly file: File | typeof SAMPLE; readonly other?: File; readonly since: number }>(
    undefined,
  )
  const shown = useRef<Reply>(undefined)
  const [trouble, setTrouble] = useState<string>()
  const isBusy = useRef(busy)
  isBusy.current = busy

  useLayoutEffect(() => {
    let stale = false
    const give = (file: Blob): void => {
      if (stale || !wanted) return
      if (isBusy.current) restart() // with another file, which may never end
      given.current = { file: wanted, other, since: send({ file, other, options, write: undefined }) }
    }
    setTrouble(undefined)
    if (wanted && given.current?.file === wanted && given.current.other === other) send({ options, write: undefined })
    else if (own) give(own)
    else if (sample) fetchSample().then(give, (error) => !stale && setTrouble(messageOf(error)))
    return () => {
      stale = true
    }
  }, [wanted, other, options, send])

  // What was said of another file is forgotten.
  const isOf = (reply: Reply | undefined): boolean =>
    reply !== undefined && wanted !== undefined && wanted === given.current?.file && reply.id >= given.current.since
  const current = isOf(last) ? last : undefined
  if (current?.report) shown.current = current
  const name = own?.name ?? (sample ? SAMPLE : undefined)
  const { file, which } = current?.written ?? {}
  const from = which === 'second' ? other?.name : name
  const written = file && which && from ? { name: mendedName(from), file, which } : undefined
  useEffect(() => {
    if (written) saveAs(written.file, written.name)
  }, [current])

  return {
    ...{ name, busy, written, report: isOf(shown.current) ? shown.current?.report : undefined },
    refusal: failure ?? trouble ?? current?.refusal,
    write: (which) => send({ options, write: which }),
  }
}

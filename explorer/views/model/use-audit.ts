import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'
import type { FixOptions } from 'samepad/models'
import blazeface from '../../../examples/face/data/blazeface-front.onnx?url'
import { saveAs } from '../../components/save.ts'
import { useWorker } from '../../components/use-worker.ts'
import { messageOf } from '../../state/message.ts'
import type { Reply, Report, Request } from './messages.ts'
import { mendedName } from './model.ts'

/** The reader's model while the page is open; it is in no link, and goes nowhere. */
let ownFile: File | undefined

export interface Desk {
  /** The model that is looked at. */
  readonly name?: string
  /** The last report on it; an older one of the same file while `busy`. */
  readonly report?: Report
  /** What was wrong with the file, or with what was asked about it. */
  readonly refusal?: string
  readonly busy: boolean
  /** The mended file that was handed to the reader last, as long as it is what is asked for. */
  readonly written?: { readonly name: string; readonly file: Blob }
  /** Writes the mended file and hands it to the reader. */
  readonly write: () => void
}

/**
 * Has a worker audit a model.
 *
 * @param own the reader's file; undefined for the sample
 * @param options sizes and rewrite; a new object is a new question
 */
export function useAudit(own: File | undefined, sample: boolean, options: FixOptions): Desk {
  const { last, failure, busy, send } = useWorker<Request, Reply>(
    () => new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' }),
  )
  const wanted = own ?? (sample ? SAMPLE : undefined)
  const given = useRef<{ readonly file: File | typeof SAMPLE; readonly since: number }>(undefined)
  const shown = useRef<Reply>(undefined)
  const [trouble, setTrouble] = useState<string>()

  useLayoutEffect(() => {
    let stale = false
    const give = (file: Blob): void => {
      if (!stale && wanted) given.current = { file: wanted, since: send({ file, options, write: false }) }
    }
    setTrouble(undefined)
    if (wanted && given.current?.file === wanted) send({ options, write: false })
    else if (own) give(own)
    else if (sample) bundled().then(give, (error) => !stale && setTrouble(messageOf(error)))
    return () => {
      stale = true
    }
  }, [wanted, options, send])

  // What was said of another file is forgotten.
  const isOf = (reply: Reply | undefined): boolean =>
    reply !== undefined && wanted !== undefined && wanted === given.current?.file && reply.id >= given.current.since
  const current = isOf(last) ? last : undefined
  if (current?.report) shown.current = current
  const name = own?.name ?? (sample ? SAMPLE : undefined)
  const written = current?.written && name ? { name: mendedName(name), file: current.written } : undefined
  useEffect(() => {
    if (written) saveAs(written.file, written.name)
  }, [current])

  return {
    ...{ name, busy, written, report: isOf(shown.current) ? shown.current?.report : undefined },
    refusal: failure ?? trouble ?? current?.refusal,
    write: () => send({ options, write: true }),
  }
}

const SAMPLE = 'blazeface-front.onnx'

/** The model that comes with the page, fetched when it is asked for. */
const bundled = async (): Promise<Blob> => (await fetch(blazeface)).blob()

/** The reader's own file, remembered on the way through other views. */
export function useOwnFile(): [file: File | undefined, take: (file?: File) => void] {
  const [file, setFile] = useState(ownFile)
  return [
    file,
    (next) => {
      ownFile = next
      setFile(next)
    },
  ]
}

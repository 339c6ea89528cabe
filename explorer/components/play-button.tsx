import { useEffect, useState } from 'preact/hooks'

const PAUSE = 700 // milliseconds on each step

interface Props {
  readonly at: number
  readonly count: number
  readonly onStep: (at: number) => void
  readonly label?: string
}

/** Goes through steps by itself, from the last one to the first again. */
export function PlayButton({ at, count, onStep, label = 'Play' }: Props) {
  const [playing, setPlaying] = useState(false)
  useEffect(() => {
    if (!playing) return
    const timer = setTimeout(() => onStep((at + 1) % Math.max(1, count)), PAUSE)
    return () => clearTimeout(timer)
  }, [playing, at, count, onStep])
  return (
    <button type="button" aria-pressed={playing} onClick={() => setPlaying(!playing)} disabled={count === 0}>
      {playing ? 'Pause' : label}
    </button>
  )
}

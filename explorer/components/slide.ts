import type { RefObject } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'

const TIME = 180 // milliseconds

/**
 * Lets a part of a drawing slide to where it stands now, for readers who like movement.
 *
 * @param x where it stands
 * @param sheet what it stands on; on another one it is there at once
 */
export function useSlide(x: number, sheet: unknown): RefObject<SVGGElement | null> {
  const ref = useRef<SVGGElement>(null)
  const last = useRef({ x, sheet })
  useLayoutEffect(() => {
    const from = last.current
    last.current = { x, sheet }
    if (from.sheet !== sheet || from.x === x || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    const way = [{ transform: `translateX(${from.x - x}px)` }, { transform: 'none' }]
    ref.current?.animate(way, { duration: TIME, easing: 'ease-out' })
  }, [x, sheet])
  return ref
}

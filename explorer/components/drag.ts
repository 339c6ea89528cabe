import { useRef } from 'preact/hooks'

/** One unit in pixels: it grows with the text. */
export const unit = (): number => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16

/**
 * Dragging sideways changes a number.
 *
 * @param step units for one more
 * @returns the handlers of an element
 */
export function useDrag(value: number, step: number, onValue: (value: number) => void, least = 1) {
  const from = useRef<{ readonly x: number; readonly value: number; readonly step: number } | undefined>(undefined)
  const end = (): void => {
    from.current = undefined
  }
  return {
    onPointerDown: (event: PointerEvent): void => {
      if (event.button !== 0) return
      event.preventDefault() // or the browser would select text on the way
      ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
      from.current = { x: event.clientX, value, step: step * unit() }
    },
    onPointerMove: ({ clientX }: PointerEvent): void => {
      if (!from.current) return
      const next = Math.max(least, from.current.value + Math.round((clientX - from.current.x) / from.current.step))
      if (next !== value) onValue(next)
    },
    onPointerUp: end,
    onPointerCancel: end,
  }
}

import type { ComponentChildren, RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

interface Props {
  /** What it holds, in a few words. */
  readonly label: string
  /** The element that scrolls, for those who set where it stands. */
  readonly area?: RefObject<HTMLElement | null>
  readonly children: ComponentChildren
}

/** What may be wider than the page. It scrolls, by keys too, and where something of it is not seen it says so. */
export function Scroll({ label, area, children }: Props) {
  const own = useRef<HTMLElement>(null)
  const ref = area ?? own
  const [unseen, setUnseen] = useState('')
  useLayoutEffect(() => {
    const element = ref.current
    if (!element) return
    const look = (): void => {
      const { scrollLeft, scrollWidth, clientWidth } = element
      const sides = [scrollLeft > 1 && 'left', scrollLeft + clientWidth < scrollWidth - 1 && 'right']
      setUnseen(sides.filter(Boolean).join(' '))
    }
    look()
    const observer = new ResizeObserver(look)
    for (const one of [element, ...element.children]) observer.observe(one)
    element.addEventListener('scroll', look, { passive: true })
    return () => {
      observer.disconnect()
      element.removeEventListener('scroll', look)
    }
  }, [ref])
  return (
    <div class="scrolling" data-unseen={unseen}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys */}
      <section class="scroll" ref={ref} tabIndex={0} aria-label={label}>
        {children}
      </section>
      {unseen && <p class="more">{unseen === 'left' ? '← more at the side' : 'more at the side →'}</p>}
    </div>
  )
}

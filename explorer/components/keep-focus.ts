/**
 * Keeps the reader's place where a control goes away with what it did: the focus goes to the last field that stays.
 *
 * @param area what the control stood in
 */
export function keepFocus(area: Element | null): void {
  requestAnimationFrame(() => {
    if (document.activeElement === document.body) [...(area?.querySelectorAll('input') ?? [])].at(-1)?.focus()
  })
}

import type { Page } from 'playwright'

/** What is on the screen of a drawing. */
export interface Seen {
  /** Taps of the chosen window of the first convention that has it, with a mark, and how many a number stands for. */
  readonly taps: number
  readonly summed: number
  /** Whether the chosen small cell lies inside of what is seen of the drawing. */
  readonly chosen: boolean
  /** Taps' marks that lie outside of it. */
  readonly outside: number
  /** Texts that are cut off, or reach into the next one beside them. */
  readonly cut: readonly string[]
  /** Cards and figures in which nothing is drawn. */
  readonly empty: number
  /** Real cells that are drawn. */
  readonly cells: boolean
}

// Runs in the page. Only what has a box on the screen counts, not what stands in the markup.
const look = `(() => {
  const area = document.querySelector('.figure .scroll')
  const svg = area.querySelector('svg')
  const page = area.getBoundingClientRect()
  const inside = (box) => box.width > 0 && box.left >= page.left - 1 && box.right <= page.right + 1 && box.top >= page.top - 1 && box.bottom <= page.bottom + 1
  const boxes = (root, name) => [...root.querySelectorAll(name)].map((one) => one.getBoundingClientRect())
  const groups = [...svg.querySelectorAll(':scope > g')]
  // Not every convention has the output that is looked at.
  const row = groups.find((group) => group.querySelector('rect.small.chosen, .outline')) ?? groups.find((group) => group.querySelector('rect.small, .cells'))
  const twoAxes = row?.querySelector('rect.cells') != null
  const marks = row ? boxes(row, '.window > circle, .window > .dot') : []
  const path = row ? [...row.querySelectorAll('.tap-cell')].map((one) => one.getAttribute('d')).join('') : ''
  const taps = twoAxes ? path.split('M').length - 1 : marks.length
  const summed = row ? [...row.querySelectorAll('.hidden-taps')].reduce((sum, text) => sum + parseInt(text.textContent), 0) : 0
  const frame = svg.getBoundingClientRect()
  const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim())
  const cut = texts.filter((text) => {
    const box = text.getBoundingClientRect()
    return box.left < frame.left - 2 || box.right > frame.right + 2 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2
  }).map((text) => text.textContent)
  const chosen = row ? boxes(row, twoAxes ? '.outline' : 'rect.small.chosen') : []
  const cards = [...document.querySelectorAll('.stage .figure, .stage .card')]
  const isEmpty = (card) => card.querySelector('svg') ? ![...card.querySelectorAll('svg path, svg rect, svg circle')].some((one) => one.getBoundingClientRect().width > 0) : card.textContent.trim() === ''
  const cellsBox = row ? (twoAxes ? boxes(row, 'rect.cells') : boxes(row, 'path.large.cell, path.large.hollow')) : []
  return {
    taps, summed,
    chosen: chosen.length > 0 && chosen.every(inside),
    outside: marks.filter((box) => !inside(box)).length,
    cut,
    empty: cards.filter(isEmpty).length,
    cells: cellsBox.some((box) => box.width > 0 && inside(box)),
  }
})()`

/** What is seen of the first drawing of a page. */
export const seen = (page: Page): Promise<Seen> => page.evaluate(look) as Promise<Seen>

/** What is seen under many links, one after the other: so fast that browsers let it. */
export function seenUnder(page: Page, hashes: readonly string[]): Promise<Seen[]> {
  return page.evaluate(`(async () => {
    const all = []
    for (const hash of ${JSON.stringify(hashes)}) {
      history.replaceState(null, '', hash)
      dispatchEvent(new HashChangeEvent('hashchange'))
      await new Promise((done) => setTimeout(done, 52)) // Chromium refuses more than 200 links in 10 seconds
      all.push(${look})
    }
    return all
  })()`) as Promise<Seen[]>
}

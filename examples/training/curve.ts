const ROWS = 10
const EIGHTHS = [...' ▁▂▃▄▅▆▇█']

/** A curve of numbers from 0 up as lines of text: columns of blocks, each the mean of its share of the numbers. */
export function curve(numbers: readonly number[], width: number): string[] {
  const columns = Math.min(width, numbers.length)
  const heights = Array.from({ length: columns }, (_, column) => {
    const share = numbers.slice(
      Math.floor((column * numbers.length) / columns),
      Math.floor(((column + 1) * numbers.length) / columns),
    )
    return share.reduce((sum, value) => sum + value, 0) / share.length
  })
  const most = Math.max(...heights)
  return Array.from({ length: ROWS }, (_, row) => {
    const low = ROWS - 1 - row
    const blocks = heights.map((height) => {
      const eighths = Math.round((height / most) * ROWS * 8) - low * 8
      return EIGHTHS[Math.max(0, Math.min(8, eighths))]
    })
    return `${(row === 0 ? most.toFixed(2) : row === ROWS - 1 ? '0' : '').padStart(5)} ▕${blocks.join('')}`
  })
}

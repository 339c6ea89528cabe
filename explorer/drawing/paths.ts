// Shapes of a row as texts of paths, so that many cells are few elements.

/** Lengths with one digit behind the point: files of drawings stay short. */
export const round = (value: number): number => Math.round(value * 10) / 10

export const INSET = 0.75 // between cells and their neighbours

/** A cell with round corners. */
export function rounded(x: number, y: number, width: number, height: number): string {
  const r = 3
  const [across, down] = [round(width - 2 * INSET - 2 * r), round(height - 2 * r)]
  const corner = (dx: number, dy: number): string => `a${r} ${r} 0 0 1 ${dx} ${dy}`
  return `M${round(x + INSET + r)} ${round(y)}h${across}${corner(r, r)}v${down}${corner(-r, r)}h${-across}${corner(-r, -r)}v${-down}${corner(r, -r)}Z`
}

/** Stripes from the lower left to the upper right of a cell. */
export function hatch(x: number, y: number, width: number, height: number): string {
  const lines = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75].map((part) => {
    const [from, to] = [Math.max(0, part - 1), Math.min(1, part)]
    return `M${round(x + from * width)} ${round(y + (part - from) * height)}L${round(x + to * width)} ${round(y + (part - to) * height)}`
  })
  return lines.join('')
}

export const diamond = (x: number, y: number, r: number): string =>
  `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`

export const cross = (x: number, y: number, r: number): string =>
  `M${x - r} ${y - r}l${2 * r} ${2 * r}M${x - r} ${y + r}l${2 * r} ${-2 * r}`

/** What stands for taps whose cells are left out: from a point to a side. */
export const wedge = (x: number, y: number, from: number, to: number, side: number): string =>
  `M${round(x)} ${round(y)}L${round(from)} ${round(side)}H${round(to)}Z`

// The loss as a line.

/** As many steps as the network learns. */
export const STEPS = 600

const MEAN = 12 // steps that the thick line is the mean of

export interface Curve {
  /** Every step. */
  readonly each: string
  /** The mean of some steps. */
  readonly mean: string
  /** Losses with their heights, and steps with their places. */
  readonly rows: readonly Tick[]
  readonly columns: readonly Tick[]
  /** Where the line ends. */
  readonly end: readonly [x: number, y: number] | undefined
}

export interface Tick {
  readonly text: string
  readonly at: number
}

/** The mean of the last losses up to a step. */
export function meanOf(losses: readonly number[], step = losses.length): number {
  const last = losses.slice(Math.max(0, step - MEAN), step)
  return last.reduce((sum, loss) => sum + loss, 0) / last.length
}

/** Lines on a sheet whose top left corner is 0, 0. */
export function curveOf(losses: readonly number[], width: number, height: number): Curve {
  const most = Math.max(1.5, ...losses)
  const x = (step: number): number => (step * width) / STEPS
  const y = (loss: number): number => height - (loss * height) / most
  const line = (values: readonly number[]): string =>
    values.map((loss, at) => `${at === 0 ? 'M' : 'L'}${x(at + 1).toFixed(1)} ${y(loss).toFixed(1)}`).join('')
  const means = losses.map((_, at) => meanOf(losses, at + 1))
  const unit = most > 4 ? 2 : 0.5
  const rows = Array.from({ length: Math.floor(most / unit) + 1 }, (_, row) => ({
    text: String(row * unit),
    at: y(row * unit),
  }))
  const columns = Array.from({ length: 7 }, (_, column) => (column * STEPS) / 6)
  return {
    each: line(losses),
    mean: line(means),
    rows,
    columns: columns.map((step) => ({ text: String(step), at: x(step) })),
    end: losses.length > 0 ? [x(losses.length), y(means[means.length - 1])] : undefined,
  }
}

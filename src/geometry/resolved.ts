import type { Axis } from './axis.ts'
import { SamepadError } from './error.ts'

/** The operations that slide a window. */
export type Op = 'conv' | 'convTranspose' | 'maxPool' | 'averagePool'

/** Every operation, in the order of the documentation. */
export const ops: readonly Op[] = ['conv', 'convTranspose', 'maxPool', 'averagePool']

/** Whether an operation has no weights: it takes the maximum or the average of a window. */
export const isPool = (op: Op): boolean => op === 'maxPool' || op === 'averagePool'

const columns = ['input', 'kernel', 'stride', 'dilation', 'padBegin', 'padEnd', 'output'] as const

/**
 * An operation's spatial side, solved: made by `resolve`, frozen, and never computed a second time.
 * Plain data under `JSON.stringify`; a table under `String`.
 */
export class Geometry {
  readonly op: Op
  /** One for each spatial axis, outermost first. */
  readonly axes: readonly Axis[]

  constructor(op: Op, axes: readonly Axis[]) {
    this.op = op
    this.axes = Object.freeze(axes.map((axis) => Object.freeze({ ...axis }))) // copies: the caller's stay as they are
    Object.freeze(this)
  }

  /** A line with the sizes, then a table with a line for each axis. */
  toString(): string {
    const size = (side: 'input' | 'output'): string => this.axes.map((axis) => axis[side]).join(' x ')
    const rows = [
      ['axis', ...columns],
      ...this.axes.map((axis, index) => [index, ...columns.map((name) => axis[name])].map(String)),
    ]
    const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
    const lines = rows.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join('  '))
    return [`${this.op} ${size('input')} -> ${size('output')}`, ...lines].join('\n')
  }
}

/** Checks that a value came from `resolve`. */
export function checkGeometry(stage: string, value: unknown): Geometry {
  if (value instanceof Geometry) return value
  throw new SamepadError(stage, 'the geometry must be one that resolve returned', value)
}

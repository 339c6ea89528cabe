import { decimal } from '../../../src/words/numbers.ts'

interface Row {
  readonly y: number
  /** Cells of the input; undefined where it is not known. */
  readonly apart: number | undefined
}

interface Props {
  readonly rows: readonly Row[]
  /** Height of a row, and where its bar begins in it. */
  readonly step: number
  readonly barAt: number
  /** The edge from which drift grows; or the middle of it, where it grows to both sides. */
  readonly from: number
  readonly isMiddle?: boolean
  /** Units of the largest drift, and its cells. */
  readonly room: number
  readonly most: number
}

const THICK = 14

/** Drift as a band that grows down a column of layers, with its cells where they change. */
export function DriftBand({ rows, step, barAt, from, isMiddle = false, room, most }: Props) {
  const lengthOf = ({ apart = 0 }: Row): number => (most > 0 ? (apart / most) * room : 0)
  const left = (length: number): number => (isMiddle ? from - length / 2 : from)
  return (
    <>
      {rows.map((row, index) => {
        const length = lengthOf(row)
        if (length === 0) return null
        const before = rows[index - 1]?.apart
        const text = decimal(row.apart ?? 0)
        const inside = isMiddle || length > text.length * 7 + 10
        return (
          <g key={index}>
            <rect class="drift-bar" x={left(length)} y={row.y + barAt} width={length} height={step} />
            {row.apart !== before && (
              <text
                class={`drift-cells${isMiddle ? ' middle' : inside ? ' end' : ''}`}
                x={isMiddle ? from : inside ? left(length) + length - 5 : left(length) + length + 4}
                y={row.y + barAt + THICK - 3}
              >
                {text}
              </text>
            )}
          </g>
        )
      })}
    </>
  )
}

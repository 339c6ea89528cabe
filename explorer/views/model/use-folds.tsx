import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { counted } from '../../../src/words/numbers.ts'

interface Fold {
  readonly at: number
  readonly count: number
}

export interface Folds {
  /** Where folds begin that are opened. */
  readonly open: ReadonlySet<number>
  readonly onOpen: (at: number) => void
  /** Opens all folds of a drawing, or folds again. */
  readonly buttons: (lines: readonly Fold[]) => preact.JSX.Element | null
}

/** Which folds of a column are opened. */
export function useFolds(): Folds {
  const [open, setOpen] = useState<ReadonlySet<number>>(new Set())
  const add = (starts: readonly number[]): void => setOpen(new Set([...open, ...starts]))
  return {
    open,
    onOpen: (at) => add([at]),
    buttons: (lines) => {
      const folds = lines.filter(({ count }) => count > 1)
      if (folds.length === 0 && open.size === 0) return null
      const layers = folds.reduce((sum, { count }) => sum + count, 0)
      return (
        <div class="buttons folds">
          {folds.length > 0 && (
            <button type="button" onClick={() => add(folds.map(({ at }) => at))}>
              Show {counted(layers, 'layer')} that {counted(folds.length, 'line')} of alike ones stand for
            </button>
          )}
          {open.size > 0 && (
            <button type="button" onClick={() => setOpen(new Set())}>
              Fold again
            </button>
          )}
        </div>
      )
    },
  }
}

interface LineProps {
  readonly y: number
  /** How many layers it stands for. */
  readonly count: number
  readonly width: number
  readonly step: number
  readonly onOpen: () => void
  readonly children: ComponentChildren
}

/** A line of a column. One that stands for several is opened by the mouse; the buttons do the same by keys. */
export function ColumnLine({ y, count, width, step, onOpen, children }: LineProps) {
  const place = `translate(0 ${y})`
  if (count === 1) return <g transform={place}>{children}</g>
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons below the drawing do the same by keys
    <g class="fold" transform={place} onClick={onOpen}>
      <rect class="reach" data-tool x={0} y={0} width={width} height={step} />
      {children}
    </g>
  )
}

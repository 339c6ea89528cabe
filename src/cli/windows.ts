import { divisor, type Op, type Pads, type Setting, type Solved } from '../geometry.ts'
import { counted } from '../words/numbers.ts'
import { type DrawnWindows, drawAxis, drawn, marks, marksOf, positions, reachOf, stripOf } from './draw-axis.ts'
import type { TextStyle } from './style.ts'
import { wrap } from './table.ts'

/** The windows of a solved setting, drawn; in words where they are too wide. */
export function drawWindows(setting: Setting, solved: Solved, style: TextStyle): string[] {
  const axis = drawn(setting.op, solved.axis)
  const transposed = setting.op === 'convTranspose'
  const name = transposed ? 'sample' : 'output'
  const digits = String(axis.output - 1).length
  const windows: DrawnWindows = {
    count: axis.output,
    at: (index) => [
      {
        label: `${name} ${String(index).padStart(digits)}`,
        marks: marksOf(axis, index),
        note: divisorNote(setting.op, solved, index),
      },
    ],
  }
  const drawing = drawAxis(transposed ? 'output' : 'input', stripOf(axis), windows, reachOf(axis), style)
  if (!drawing) return inWords(name, solved, transposed)
  return [...drawing, '', ...wrap(legend(setting, solved)).map(style.faint)]
}

/** What an average divides by: the real cells, and the padding that counts as zeros. */
export function divisorNote(op: Op, solved: Solved, output: number): string | undefined {
  if (op !== 'averagePool' || output >= solved.axis.output) return undefined
  return `/ ${String(divisor(solved, output)).padStart(String(solved.axis.kernel).length)}`
}

function legend({ op, fill }: Setting, { axis, zeros }: Solved): string {
  const strip = stripOf(drawn(op, axis))
  const transposed = op === 'convTranspose'
  const isOutside = strip.begin < 0 || strip.end > strip.cells
  const around = transposed ? 'cropped' : `padding${paddingSeen(op, fill, zeros)}`
  return [
    `${marks.tap} a tap ${transposed ? 'lands on' : 'reads'} a cell`,
    isOutside ? `${marks.blank} ${transposed ? 'lands on what is cropped' : 'reads padding'}` : '',
    axis.dilation > 1 && axis.kernel > 1 ? `${marks.stepped} stepped over` : '',
    strip.begin < 0 || strip.padded > strip.cells ? `${marks.padding} ${around}` : '',
    op === 'averagePool' ? '/ divisor' : '',
  ]
    .filter(Boolean)
    .join('   ')
}

/** What the operation sees where there is padding; a convolution with zeros needs no word for it. */
function paddingSeen(op: Op, fill: Setting['fill'], zeros: Pads): string {
  if (op === 'conv') return fill && fill !== 'constant' ? `, ${fill}` : ''
  return zeros.some((width) => width > 0) ? ', zeros' : ', ignored'
}

function inWords(name: string, { axis }: Solved, transposed: boolean): string[] {
  const windows = drawn(transposed ? 'convTranspose' : 'conv', axis)
  const says = transposed ? 'lands on cells' : 'reads cells'
  const indices = [...new Set([0, 1, windows.output - 1].filter((index) => index >= 0 && index < windows.output))]
  return indices.flatMap((index) => {
    const places = positions(windows, index)
    const real = places.filter((place) => place >= 0 && place < windows.input).length
    const steps = windows.dilation > 1 ? ` in steps of ${windows.dilation}` : ''
    const outside = places.length - real
    const around = transposed ? 'cropped' : 'padding'
    return wrap(
      `${says} ${places[0]} to ${places[places.length - 1]}${steps}${outside ? `, ${counted(outside, 'tap')} of them ${around}` : ''}`,
      `${name} ${index} `,
    )
  })
}

import { SamepadError, Verbatim } from '../geometry.ts'
import { type AxisPiece, tiles as planTiles, type TileAxis, type TilePlan } from '../tiles.ts'
import { counted } from '../words/numbers.ts'
import { bioimageAxis, bioimageText } from './bioimage.ts'
import type { Answer, Command, Request } from './command.ts'
import { modelFile, modelIn } from './model-files.ts'
import { wholeNumber } from './read-numbers.ts'
import { readShapes, shapesFor } from './read-shapes.ts'
import type { TextStyle } from './style.ts'
import { shortened, table, wrap } from './table.ts'

/** `samepad tiles`: a picture cut into pieces that give what the whole gives. */
export const tiles: Command = {
  summary: 'how to cut a large picture so that a model gives for the pieces what it gives for the whole',
  usage: 'FILE --input [NAME=]SHAPE [--tile N | --memory SIZE]',
  about:
    'Follows every layer back from the outputs and says where pieces must begin, how many cells around them are read ' +
    '(the halo), what of each output to keep, and how much is computed twice. Where a node takes all cells together, ' +
    'no piece can be exact, and the node is named.',
  options: {
    input: { value: 'SHAPE', about: 'the shape of the whole picture, as 1x3x40000x60000', many: true },
    tile: { value: 'N', about: 'the most cells that a piece reads along each axis' },
    memory: { value: 'SIZE', about: 'the most memory for the values of a piece, such as 2GB; weights are not counted' },
    halo: { value: 'N', about: 'so many cells around each piece, for a model of which no piece can be exact' },
    cut: { value: 'NAME', about: 'the input that is cut, where the model has several with windows' },
  },
  examples: [
    'tiles model.onnx --input 1x3x4000x6000 --tile 1024',
    'tiles model.onnx --input x=1x3x8000x8000 --memory 2GB',
    'tiles model.onnx --input 1x3x4000x4000 --tile 500 --json',
  ],
  settings: false,
  answer: async (request, where) => {
    const [word, ...rest] = request.words
    if (word === undefined || rest.length > 0)
      throw new SamepadError('tiles', 'there must be one model file', new Verbatim(`${request.words.length}`))
    const file = await modelFile('tiles', word, where)
    const { name } = file
    const model = await modelIn(file)
    const inputs = shapesFor('tiles', model, readShapes('tiles', request), true)
    const plan = planTiles(model, { inputs, ...limits(request) })
    return {
      data: { file: name, ...plan, bioimageio: plan.axes.flatMap((axis) => bioimageAxis(axis) ?? []) },
      lines: (style) => planLines(name, plan, style),
      exitCode: 0,
    } satisfies Answer
  },
}

/** What bounds a piece. */
function limits(request: Request): { input?: string; tile?: number; memory?: number; halo?: number } {
  const [tile, halo] = [wholeNumber('tiles', request, 'tile'), wholeNumber('tiles', request, 'halo', 0)]
  const { memory, cut } = request.options
  if (tile !== undefined && memory !== undefined) {
    throw new SamepadError('tiles', 'there must be --tile or --memory, not both', String(memory))
  }
  return {
    ...(typeof cut === 'string' && { input: cut }),
    ...(tile !== undefined && { tile }),
    ...(halo !== undefined && { halo }),
    ...(memory !== undefined && { memory: bytesIn(String(memory)) }),
  }
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9, t: 1e12 }

function bytesIn(text: string): number {
  const [, number, unit] = /^(\d+(?:\.\d+)?)\s*([kmgt]?)b?$/i.exec(text) ?? []
  if (number === undefined)
    throw new SamepadError('tiles', '--memory must be a number of bytes, such as 2GB or 500MB', text)
  return Math.floor(Number(number) * units[unit.toLowerCase()])
}

const memoryText = (bytes: number): string => {
  const [unit, size] = bytes >= 1e9 ? ['GB', 1e9] : bytes >= 1e6 ? ['MB', 1e6] : ['kB', 1e3]
  return `${(bytes / size).toPrecision(3)} ${unit}`
}

function planLines(name: string, plan: TilePlan, style: TextStyle): string[] {
  const { axes, input, pieces, share, shape, memory, isExact } = plan
  const read = `${counted(pieces, 'piece')} of at most ${shape.join('x')}`
  const twice = share > 1.0005 ? `; together they read ${share.toPrecision(3)} times the picture's cells` : ''
  const hint = pieces === 1 ? ' --tile N or --memory SIZE cuts it.' : ''
  return [
    style.strong(name),
    '',
    ...wrap(
      `${read} of '${input}', ${memoryText(memory)} of values each${twice}. ` +
        (isExact
          ? `Their outputs, put together, are those of the whole picture.${hint}`
          : style.alert('They are not exact: the model takes all cells together somewhere.')),
    ),
    ...together(axes).flatMap((alike) => ['', ...axisLines(alike, input, style)]),
  ]
}

/** The most pieces that are drawn from the begin. */
const DRAWN = 4

/** Axes of which the same is to be said. */
function together(axes: readonly TileAxis[]): TileAxis[][] {
  const groups = new Map<string, TileAxis[]>()
  for (const axis of axes) {
    const pieces = axis.pieces.map(({ own, read, keep }) => [
      own,
      read,
      keep.map(({ output, cells }) => [output, cells]),
    ])
    const key = JSON.stringify([axis.size, axis.step, axis.halo, pieces])
    groups.set(key, [...(groups.get(key) ?? []), axis])
  }
  return [...groups.values()]
}

function axisLines(alike: readonly TileAxis[], input: string, style: TextStyle): string[] {
  const [{ size, step, halo, pieces, shares }] = alike
  const name = `${alike.length > 1 ? 'axes' : 'axis'} ${alike.map(({ axis }) => axis).join(' and ')} of ${input}`
  const around = halo.map((cells) => Math.max(0, cells))
  const shown = pieces.length <= DRAWN + 1 ? pieces : [...pieces.slice(0, DRAWN), pieces[pieces.length - 1]]
  // Behind a gap there is no drawing.
  const drawn = shown.length < pieces.length ? shown.slice(0, DRAWN) : shown
  const cells = drawn[drawn.length - 1].read[1]
  const rows = shown.map((piece, index) => {
    const number = index === shown.length - 1 ? pieces.length - 1 : index
    const [first, ...others] = piece.keep
    const kept = first ? `${first.cells[0]}-${first.cells[1] - 1} of ${shortened(first.output, 16)}` : ''
    const reads = `${piece.read[0]}-${piece.read[1] - 1}`
    return [
      String(number),
      reads,
      others.length > 0 ? `${kept}, ...` : kept,
      drawn.includes(piece) ? bar(piece, cells) : '',
    ]
  })
  const lines = table([['piece', 'reads', 'keeps', ''], ...rows], '><<<')
  if (shown.length < pieces.length) lines.splice(-1, 0, '  ...')
  const bioimage = bioimageAxis(alike[0])
  const costs = shares.slice(0, 3).map(({ name, cells }) => `${name} ${round(cells)}`)
  return [
    ...wrap(
      style.strong(`${name}: ${counted(pieces.length, 'piece')} of ${size} cells`) +
        `; they begin ${step === 1 ? 'anywhere' : `on multiples of ${step}`}, with ${counted(around[0], 'cell')} before and ${around[1]} behind their own`,
    ),
    ...lines,
    ...(costs.length > 0 ? wrap(style.faint(`most of the halo, in cells of the input: ${costs.join(', ')}`)) : []),
    ...(bioimage ? wrap(style.faint(bioimageText(bioimage))) : []),
  ]
}

const round = (cells: number): string => String(Math.round(cells * 100) / 100)

/** The width of a drawing. */
const WIDTH = 24

/** A piece on a line of so many cells: its own cells, and what it reads around them. */
const bar = ({ read, own }: AxisPiece, cells: number): string =>
  Array.from({ length: WIDTH }, (_, at) => {
    const cell = ((at + 0.5) * cells) / WIDTH
    return cell >= own[0] && cell < own[1] ? '█' : cell >= read[0] && cell < read[1] ? '░' : ' '
  }).join('')

// Draws docs/tiles-seams.png: a network over a photo in pieces, with a guessed overlap and with samepad's.
//
//   npm ci --prefix bench && npx tsx docs/tiles-seams.ts

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Colour, Picture } from '../examples/face/picture.ts'
import { loadNetwork, type Tensor } from '../src/graph.ts'
import { readModel } from '../src/models.ts'
import { openSizes, type TilePlan, tiles } from '../src/tiles.ts'

const root = join(import.meta.dirname, '..')
/** MLSD finds lines in photos; its first output says of every second cell where a line would end. */
const MODEL = join(root, 'bench/node_modules/jp.keijiro.mlsd/ONNX/mlsd_320x320_tiny.onnx')
const INPUT = 'input_image_with_alpha:0'
const OUTPUT = 'offsets'
/** The guess: pieces of so many cells of their own, with so many around them. */
const [OWN, OVERLAP] = [128, 32]
/** Cells of the input for one of the output. */
const SHRINK = 2
const LINE = 28
const white: Colour = [240, 240, 240]

const photo = Picture.readPng(join(root, 'examples/face/data/astronaut.png'))
const { width, height } = photo
const { bytes } = await openSizes(MODEL)
const network = await loadNetwork(bytes, { deterministic: true })

/** Runs the network on a box of the photo; gives the first channel of what it says. */
function run(y: number, x: number, rows: number, columns: number): Tensor {
  const data = new Float32Array(rows * columns * 4)
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const [from, to] = [((y + row) * width + x + column) * 3, (row * columns + column) * 4]
      for (let channel = 0; channel < 3; channel++) data[to + channel] = photo.data[from + channel]
      data[to + 3] = 1
    }
  }
  const { data: all, shape } = network.run({ [INPUT]: { data, shape: [1, rows, columns, 4] } })[OUTPUT]
  return { data: all.filter((_, index) => index % shape[3] === 0), shape: [shape[1], shape[2]] }
}

const size = [height / SHRINK, width / SHRINK]

/** Puts a box of a piece's output into the whole. */
function keep(
  whole: Float32Array,
  piece: Tensor,
  from: readonly number[],
  at: readonly number[],
  count: readonly number[],
): void {
  for (let row = 0; row < count[0]; row++) {
    const begin = (from[0] + row) * piece.shape[1] + from[1]
    whole.set(piece.data.subarray(begin, begin + count[1]), (at[0] + row) * size[1] + at[1])
  }
}

function guessed(): Float32Array {
  const whole = new Float32Array(size[0] * size[1])
  for (let y = 0; y < height; y += OWN) {
    for (let x = 0; x < width; x += OWN) {
      const begin = [Math.max(0, y - OVERLAP), Math.max(0, x - OVERLAP)]
      const end = [Math.min(height, y + OWN + OVERLAP), Math.min(width, x + OWN + OVERLAP)]
      const piece = run(begin[0], begin[1], end[0] - begin[0], end[1] - begin[1])
      const own = [Math.min(OWN, height - y), Math.min(OWN, width - x)]
      keep(
        whole,
        piece,
        [(y - begin[0]) / SHRINK, (x - begin[1]) / SHRINK],
        [y / SHRINK, x / SHRINK],
        own.map((cells) => cells / SHRINK),
      )
    }
  }
  return whole
}

function exact({ axes }: TilePlan): Float32Array {
  const whole = new Float32Array(size[0] * size[1])
  const [rows, columns] = axes.map(({ pieces }) => pieces)
  for (const row of rows) {
    for (const column of columns) {
      const [y, x] = [row, column].map(({ read }) => read)
      const piece = run(y[0], x[0], y[1] - y[0], x[1] - x[0])
      const kept = [row, column]
        .map(({ keep }) => keep.find(({ output }) => output === OUTPUT))
        .filter((one) => one !== undefined)
      const count = kept.map(({ cells }) => cells[1] - cells[0])
      keep(
        whole,
        piece,
        kept.map(({ from }) => from),
        kept.map(({ cells }) => cells[0]),
        count,
      )
    }
  }
  return whole
}

const whole = run(0, 0, height, width).data
const plan = tiles(await readModel(bytes), { inputs: { [INPUT]: [1, height, width, 4] }, tile: 416 })
const [withGuess, withPlan] = [guessed(), exact(plan)]
const differences = (found: Float32Array): Float32Array => found.map((value, index) => Math.abs(value - whole[index]))
const most = (list: Float32Array): number => list.reduce((a, b) => Math.max(a, b), 0)
const range = whole.reduce((a, b) => Math.max(a, b)) - whole.reduce((a, b) => Math.min(a, b))
const [wrong, right] = [differences(withGuess), differences(withPlan)].map(most)
console.log(
  `range of the output ${range.toFixed(2)}; guessed overlap: wrong by up to ${wrong.toFixed(2)}; samepad: ${right}`,
)
console.log(
  `halo ${plan.axes.map(({ halo }) => halo.join(' and ')).join('; ')}, step ${plan.axes[0].step}, ${plan.pieces} pieces`,
)

/** Numbers as grey, from the least to the most of the whole. */
function grey(values: Float32Array, least: number, span: number): Picture {
  const picture = new Picture(size[1], size[0])
  values.forEach((value, index) => {
    const shade = Math.max(0, Math.min(255, Math.round(((value - least) * 255) / span)))
    picture.data.fill(shade, 3 * index, 3 * index + 3)
  })
  return picture
}

const least = whole.reduce((a, b) => Math.min(a, b))
const panels: [string, Picture][] = [
  [`guessed overlap ${OVERLAP}`, grey(withGuess, least, range)],
  ['where it is wrong', grey(differences(withGuess), 0, wrong)],
  ['samepad: as the whole', grey(withPlan, least, range)],
]
const picture = new Picture(panels.length * (size[1] + 8) - 8, size[0] + LINE)
panels.forEach(([title, panel], index) => {
  picture.paste(index * (size[1] + 8), LINE, panel, { x: 0, y: 0, width: size[1], height: size[0] }, 1)
  picture.text(index * (size[1] + 8) + 2, 6, title, 2, white)
})
writeFileSync(join(root, 'docs/tiles-seams.png'), picture.toPng())

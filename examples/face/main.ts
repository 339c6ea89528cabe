// Finds the face in a photo twice: with the padding that the network was trained with, and with padding that gives the
// same shapes. Prints what it found and draws it.

import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { styleText } from 'node:util'
import { lastEngine, readSafetensors } from 'samepad'
import { loadNetwork } from 'samepad/graph'
import { recordedTimes } from './bench.ts'
import { bestFace, distance, type Face, keypointNames, type Point, toInput } from './detect.ts'
import { drawFaces } from './figure.ts'
import { type Layer, loadBlazeFace, type Outputs } from './network.ts'
import { Picture } from './picture.ts'

const photo = Picture.readPng(new URL('data/astronaut.png', import.meta.url))
const weights = readSafetensors(new URL('data/blazeface-front.safetensors', import.meta.url))
const expected = readSafetensors(new URL('data/expected.safetensors', import.meta.url))
const picturePath = fileURLToPath(new URL('../../build/face.png', import.meta.url))

const input = toInput(photo)
// The face is found by the model's own file. Layer by layer the same network says how it pads, and what a change of that does.
const network = await loadNetwork(new URL('data/blazeface-front.onnx', import.meta.url))
const detect = (): Outputs => {
  const [scores16, scores8, boxes16, boxes8] = Object.values(network.run({ [network.inputs[0].name]: input }))
  return { scores16, scores8, boxes16, boxes8 }
}
const [found, first] = timed(detect)
const again = median(timesOf(detect))
const engine = lastEngine()
const same = loadBlazeFace(weights, { padding: 'same' })(input)
const symmetric = loadBlazeFace(weights, { padding: 'symmetric' })(input)

const sameFace = bestFace(found, photo.width)
const symmetricFace = bestFace(symmetric.outputs, photo.width)

console.log(`BlazeFace, a face detector trained in TensorFlow, run by samepad on a photo.

What SAME resolved to, in cells before/after each axis (* where they differ):
`)
printLayers(same.layers.filter(({ geometry }) => geometry.axes.some(({ kernel }) => kernel > 1)))
console.log(`
The other layers are 1x1 convolutions, which need no padding. The outputs differ
from those of ONNX Runtime by ${largestDifference(found).toExponential(0)} at most.

The face it found, in pixels of the photo; then with symmetric padding in the
four marked layers, which gives the same shapes and no error:
`)
printFaces(sameFace, symmetricFace)

const picture = drawFaces(photo, [
  { title: 'SAME, as it was trained', colour: [0, 230, 118], face: sameFace },
  { title: 'symmetric at stride 2', colour: [255, 64, 160], face: symmetricFace },
])
mkdirSync(dirname(picturePath), { recursive: true })
writeFileSync(picturePath, picture.toPng())
const recorded = recordedTimes()
console.log(`
The first run, which generates the programs, took ${first.toFixed(0)} ms; later ones take
${again.toFixed(1)} ms (computed by: ${engine}).${recorded ? `\n${recorded}` : ''}
The picture is in ${relative(process.cwd(), picturePath)}`)

function timed<T>(run: () => T): [result: T, milliseconds: number] {
  const start = performance.now()
  return [run(), performance.now() - start]
}

/** How long runs take that come after the first one, of as many as there is time for. */
function timesOf(run: () => unknown): number[] {
  const times: number[] = []
  for (const start = performance.now(); times.length < 300 && performance.now() - start < 1000; )
    times.push(timed(run)[1])
  return times
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]
}

function printLayers(layers: readonly Layer[]): void {
  const rows = layers.map(({ name, geometry: { op, axes } }) => {
    const [height, width] = axes.map(({ padBegin, padEnd }) => `${padBegin}/${padEnd}`)
    const mark = axes.some(({ padBegin, padEnd }) => padBegin !== padEnd) ? '*' : ''
    const kernel = axes.map((axis) => axis.kernel).join('x')
    const sizes = `${axes.map((axis) => axis.input).join('x')} -> ${axes.map((axis) => axis.output).join('x')}`
    return [mark, name, op, kernel, `${axes[0].stride}`, sizes, height, width]
  })
  for (const line of table([['', 'layer', 'op', 'kernel', 'stride', 'input -> output', 'height', 'width'], ...rows])) {
    console.log(line.startsWith('*') ? highlight(line) : line)
  }
}

function printFaces(a: Face, b: Face): void {
  const point = ({ x, y }: Point): string => `(${x.toFixed(0)}, ${y.toFixed(0)})`
  const size = ({ width, height }: Face): string => `${width.toFixed(0)} x ${height.toFixed(0)}`
  const moved = (name: string, from: Point, to: Point): string[] => {
    return [name, point(from), point(to), `${distance(from, to).toFixed(0)} pixels`]
  }
  const lines = table([
    ['', 'SAME', 'symmetric', 'moved by'],
    ['score', a.score.toFixed(2), b.score.toFixed(2), ''],
    ['box size', size(a), size(b), ''],
    moved('box centre', a.centre, b.centre),
    ...keypointNames.map((name) => moved(name, a.keypoints[name], b.keypoints[name])),
  ])
  for (const line of lines) console.log(line.startsWith('box centre') ? highlight(line) : line)
}

/** Rows as lines, every column as wide as its longest cell. */
function table(rows: readonly string[][]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd(),
  )
}

function highlight(line: string): string {
  return process.stdout.isTTY ? styleText('yellow', line) : line
}

function largestDifference(outputs: Outputs): number {
  const differences = Object.entries(outputs).map(([name, { data }]) => {
    const wanted = expected.get(name).data
    return data.reduce((largest, value, index) => Math.max(largest, Math.abs(value - wanted[index])), 0)
  })
  return Math.max(...differences)
}

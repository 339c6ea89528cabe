// Trains a small convolutional network, with SAME, stride and dilation, to tell shapes apart that it has never seen.

import { curve } from './curve.ts'
import { ShapeNetwork } from './network.ts'
import { classes, drawPictures, random, SIDE } from './pictures.ts'

const STEPS = 300
const BATCH = 32
const CURVE = 64
const chance = random(1)
const network = new ShapeNetwork(chance)
const losses: number[] = []

console.log(`A network of three convolutions, all padded SAME: 5x5 with stride 2, 3x3 with
dilation 2, 3x3 with stride 2. It learns to tell ${classes.slice(0, -1).join(', ')}
and ${classes.at(-1)} in pictures of ${SIDE} x ${SIDE} cells.
`)
for (const line of preview()) console.log(line)
console.log()

let [drawing, learning] = [0, 0] // milliseconds
for (let step = 1; step <= STEPS; step++) {
  const start = performance.now()
  const { x, labels } = drawPictures(BATCH, chance)
  const drawn = performance.now()
  losses.push(network.learn(x, labels))
  drawing += drawn - start
  learning += performance.now() - drawn
  progress(step)
}

console.log(`\nThe loss, over ${STEPS} steps of ${BATCH} pictures:\n`)
for (const line of curve(losses, CURVE)) console.log(line)
console.log(`${' '.repeat(7)}1${'step'.padStart(CURVE / 2)}${String(STEPS).padStart(CURVE / 2 - 1)}`)
console.log(`\n${(100 * rightOf(500)).toFixed(1)} % of 500 new pictures are told right (25 % by chance).`)
console.log(`A step took ${(learning / STEPS).toFixed(1)} ms, drawing its pictures ${(drawing / STEPS).toFixed(1)} ms.`)

/** One picture of each class, side by side. */
function preview(): string[] {
  const shades = [...' ░▒▓█']
  const found = classes.map((_, label) => {
    for (;;) {
      const { x, labels } = drawPictures(1, chance)
      if (labels[0] === label) return x.data
    }
  })
  // Two rows of a picture are one of text, whose letters are twice as high as wide.
  return Array.from({ length: SIDE / 2 }, (_, row) =>
    found
      .map((data) =>
        Array.from({ length: SIDE - 6 }, (_, column) => {
          const at = 2 * row * SIDE + column + 3
          const ink = (data[at] + data[at + SIDE]) / 2
          return shades[Math.max(0, Math.min(4, Math.round(ink * 5)))]
        }).join(''),
      )
      .join('  '),
  )
}

/** The share of new pictures that the network tells right. */
function rightOf(count: number): number {
  const { x, labels } = drawPictures(count, chance)
  const { data } = network.run(x)
  const right = labels.filter((label, picture) => {
    const row = data.subarray(picture * classes.length, (picture + 1) * classes.length)
    return row.indexOf(Math.max(...row)) === label
  })
  return right.length / count
}

/** A bar that fills; in a file only its end. */
function progress(step: number): void {
  if (!process.stderr.isTTY && step < STEPS) return
  const done = Math.round((step / STEPS) * 40)
  const loss = losses.slice(-20).reduce((sum, value) => sum + value, 0) / Math.min(20, losses.length)
  const bar = `${'█'.repeat(done)}${'░'.repeat(40 - done)}`
  process.stderr.write(`\r${bar} ${step}/${STEPS}  loss ${loss.toFixed(3)}${step === STEPS ? '\n' : ''}`)
}

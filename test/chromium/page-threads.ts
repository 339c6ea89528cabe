import { prepareConv, setThreads, threadsUsed } from '../../src/index.ts'

// Runs a layer in a page until several threads take part, or for a while, and writes down what came out.

const counted = (length: number, modulus: number): Float32Array =>
  Float32Array.from({ length }, (_, index) => ((index * 7) % modulus) / 7 - 1)

const { document, location, crossOriginIsolated } = globalThis as unknown as {
  document: { body: { textContent: string; dataset: Record<string, string> } }
  location: { search: string }
  crossOriginIsolated: boolean
}
const layer = prepareConv({ data: counted(32 * 24 * 9, 11), shape: [32, 24, 3, 3] }, { padding: 'same' })
const x = { data: counted(24 * 41 * 39, 13), shape: [1, 24, 41, 39] }
const [first, threads] = [layer.run(x).data, setThreads(2)]
const rounds = Number(location.search.slice(1))
let [used, isSame] = [1, true]
for (let round = 0; round < rounds && used === 1; round++) {
  await layer.ready(x.shape)
  const { data } = layer.run(x)
  isSame &&= data.every((value, index) => value === first[index])
  used = threadsUsed()
  await new Promise((resolve) => setTimeout(resolve, 2))
}
// While workers compute what takes long, the page does other things.
const long = prepareConv({ data: counted(128 * 128 * 9, 11), shape: [128, 128, 3, 3] }, { padding: 'same' })
const large = { data: counted(128 * 120 * 120, 13), shape: [1, 128, 120, 120] }
const once = long.run(large).data
let [ticks, isPending] = [0, true]
const count = (): void => {
  ticks++
  if (isPending) setTimeout(count)
}
setTimeout(count)
const { data } = await long.runAsync(large)
isPending = false
isSame &&= data.every((value, index) => value === once[index])
document.body.textContent = JSON.stringify({
  isolated: crossOriginIsolated,
  threads,
  used,
  isSame,
  engine: layer.engine,
  isFree: ticks > 1,
})
document.body.dataset.done = 'yes'

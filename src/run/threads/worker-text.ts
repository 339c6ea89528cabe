/**
 * Where threads find what they tell each other, in 32-bit integers: one that many write has a line of a cache for itself.
 *
 * - `left`: a bit for each part that nobody has taken
 * - `done`: how many parts are finished
 * - `news`: another number whenever there is something to do
 * - `failed`: a bit for each part that ended in an error
 * - `took`: a bit for each thread that took a part
 * - `ready`: a bit for each thread that waits for parts
 * - `end`: not 0 where threads are to leave
 * - `more`: not 0 where there will be more to do soon, so that threads look for it for longer
 * - `scratch`, `each`: where scratch begins, and bytes of it for each thread
 * - `own`: parts of which a thread takes its own first
 * - `parts`: of each part `partFields`
 */
export const places = {
  ...{ left: 0, done: 16, news: 32, failed: 48, took: 49, ready: 50, end: 51 },
  ...{ scratch: 52, each: 53, own: 54, more: 55 },
  parts: 64,
} as const

/** Of a part: its program's number, where its code is and how long, and the addresses that the program takes, but scratch. */
export const partFields = [
  'program',
  'code',
  'length',
  'input',
  'output',
  'weights',
  'bias',
  'tables',
  'residual',
] as const

/** A set of parts is the bits of an integer that is not negative. */
export const MOST_PARTS = 30

/** So many integers are needed. */
export const WORDS = places.parts + MOST_PARTS * partFields.length

/** Bytes of code that a worker keeps compiled; the engine compiles what another thread has compiled in no time. */
const MOST_CODE = 2 ** 25
/**
 * Milliseconds for which a worker looks for more parts before it sleeps, and for which it does so where there will be more: waking it
 * takes 10 microseconds here and 20 to 1,000 there.
 */
const AWAKE = { least: 0.1, most: 2 }
/** Milliseconds between two looks that tell that somebody else needs the processor: who looks then gives it away. */
const LOST = 0.2

/**
 * What a worker does, as text, so that it needs no file, and no bundler has to know of it. It waits in memory, never for its event
 * loop, but where it is given memory for the first time, or other memory.
 */
export const workerText = `
const { left, done, news, failed, took, ready, end, scratch, each, own, more, parts } = ${JSON.stringify(places)}
const port = globalThis.process?.getBuiltinModule?.('node:worker_threads').parentPort ?? globalThis
port.onmessage = ({ data: { memory, control, thread } }) => {
  const programs = new Map()
  let kept = 0
  const programOf = (number, address, length) => {
    let run = programs.get(number)
    if (run) return run
    if ((kept += length) > ${MOST_CODE}) { programs.clear(); kept = length }
    const module = new WebAssembly.Module(new Uint8Array(memory.buffer, address, length).slice())
    run = new WebAssembly.Instance(module, { env: { memory } }).exports.run
    programs.set(number, run)
    return run
  }
  const take = () => {
    for (;;) {
      const all = Atomics.load(control, left)
      if (all === 0) return -1
      const mine = (all >> (thread * control[own])) << (thread * control[own])
      const bit = (mine || all) & -(mine || all)
      if (Atomics.compareExchange(control, left, all, all & ~bit) === all) return 31 - Math.clz32(bit)
    }
  }
  Atomics.or(control, ready, 1 << thread)
  Atomics.notify(control, ready)
  for (;;) {
    const last = Atomics.load(control, news) // before \`end\`, which is set first: what comes in between is not slept through
    if (Atomics.load(control, end) !== 0) break
    for (let part = take(); part >= 0; part = take()) {
      Atomics.or(control, took, 1 << thread)
      try {
        const at = parts + part * ${partFields.length}
        const [number, address, length, ...values] = control.subarray(at, at + ${partFields.length})
        programOf(number, address, length)(...values, control[scratch] + thread * control[each])
      } catch {
        Atomics.or(control, failed, 1 << part)
      }
      Atomics.add(control, done, 1)
      Atomics.notify(control, done)
    }
    const begun = performance.now()
    for (let looked = begun; Atomics.load(control, news) === last; ) {
      const now = performance.now()
      const most = Atomics.load(control, more) === 0 ? ${AWAKE.least} : ${AWAKE.most}
      if (now - begun > most || now - looked > ${LOST}) Atomics.wait(control, news, last)
      looked = now
    }
  }
}
`

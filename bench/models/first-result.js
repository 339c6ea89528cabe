// The process that `measure-models.ts` starts: one engine, one model, from nothing to the first result.

import { modelEngines } from './model-engines.js'

const { engine, shape, ...files } = JSON.parse(process.argv[2])
const data = new Float32Array(shape.reduce((a, b) => a * b)).fill(0.5)
const run = await modelEngines[engine](files, 1)
await run(data, shape)
// The clock of a process begins where the process does.
process.send({ ms: performance.now(), bytes: 1024 * process.resourceUsage().maxRSS }, () => process.exit())

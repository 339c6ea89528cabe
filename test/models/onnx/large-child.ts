import { readModel, spatialNodes } from './all.ts'

// Reads a model in a process of its own and says what that took: milliseconds of its processor and bytes of memory.

const [path] = process.argv.slice(2)
const before = process.cpuUsage()
const nodes = spatialNodes(await readModel(path))
const { user, system } = process.cpuUsage(before)
const outputs = nodes.map(({ outputShape }) => outputShape)
console.log(
  JSON.stringify({ outputs, milliseconds: (user + system) / 1000, memory: process.resourceUsage().maxRSS * 1024 }),
)

import { defineConfig } from 'vitest/config'
import { include } from './test/machines/files.ts'

// The tests of programs under another version of Node, which names the report: `npm run test:nodes`.
const machine = `node${Number.parseInt(process.versions.node, 10)}`

export default defineConfig({
  test: {
    include,
    reporters: ['default', ['json', { outputFile: `build/${machine}-results.json` }]],
    testTimeout: 60_000,
    maxWorkers: '100%', // by default one processor is left idle, of two a half
    provide: { machine },
  },
})

import { defineConfig } from 'vitest/config'
import { entries } from './explorer/entries.ts'

// Tests that need real engines: `npm run test:engines`. They write counts beside those of the other tests.
export default defineConfig({
  resolve: { alias: entries },
  test: {
    include: ['test/engines/**/*.engine.ts'],
    reporters: ['default', ['json', { outputFile: 'build/engine-results.json' }]],
    testTimeout: 300_000,
  },
})

import { defineConfig } from 'vitest/config'

// Tests that need real engines: `npm run test:engines`. They write counts beside those of the other tests.
export default defineConfig({
  test: {
    include: ['test/engines/**/*.engine.ts'],
    reporters: ['default', ['json', { outputFile: 'build/engine-results.json' }]],
    testTimeout: 300_000,
  },
})

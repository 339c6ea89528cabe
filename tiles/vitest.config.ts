import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: '../build/tiles-results.json' }]],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 1, // tests start processes with workers of their own
  },
})

import { defineConfig } from 'vitest/config'
import { entries } from './explorer/entries.ts'

export default defineConfig({
  resolve: { alias: entries },
  test: {
    include: ['test/**/*.test.ts'],
    reporters: ['default', ['json', { outputFile: 'build/test-results.json' }]],
    testTimeout: 60_000,
    maxWorkers: '100%', // by default one processor is left idle, of two a half
  },
})

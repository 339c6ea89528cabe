import { playwright } from '@vitest/browser-playwright'
import { defineConfig } from 'vitest/config'
import { entries } from './explorer/entries.ts'
import { checkChromium, launchOptions } from './test/chromium/launch.ts'
import { include } from './test/machines/files.ts'

checkChromium()

// The tests of programs inside Chromium, and tests from outside of pages in it: `npm run test:chromium`.
export default defineConfig({
  resolve: { alias: entries },
  optimizeDeps: { include: ['fast-check', 'wabt'] }, // known beforehand: found on the way, they make pages load anew
  test: {
    reporters: ['default', ['json', { outputFile: 'build/chromium-results.json' }]],
    projects: [
      {
        extends: true,
        // Isolated pages have a clock of 5 microseconds, others of 100.
        server: {
          headers: {
            'Cross-Origin-Opener-Policy': 'same-origin',
            'Cross-Origin-Embedder-Policy': 'require-corp',
          },
        },
        test: {
          name: 'inside',
          include,
          exclude: ['test/tensor/safetensors.test.ts', 'test/run/worker-death.test.ts'], // write files, know Node's workers
          testTimeout: 60_000,
          provide: { machine: 'chromium' },
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            instances: [{ browser: 'chromium' }],
            provider: playwright({ launchOptions }),
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'outside',
          include: ['test/chromium/**/*.chromium.ts'],
          globalSetup: ['test/chromium/explorer-site.ts'],
          testTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } }, // by default a second, which a busy machine may take for one frame
        },
      },
    ],
  },
})

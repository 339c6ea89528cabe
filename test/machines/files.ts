/** The tests that exercise programs, and what else runs in moments: these run on every engine. */
export const include = ['test/{machines,wasm,plan,emit,run,reference,tensor}/**/*.test.ts']

declare module 'vitest' {
  interface ProvidedContext {
    /** The engine that a configuration promises to run tests on: `node22`, `chromium`. */
    machine: string
  }
}

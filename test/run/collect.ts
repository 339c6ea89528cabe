const { process } = globalThis as { process?: { versions?: { node?: string } } }

/**
 * Lets the garbage collector run, and what waits for it. Only Node can be asked to: undefined elsewhere.
 */
export const collect: (() => Promise<void>) | undefined = process?.versions?.node ? await collector() : undefined

async function collector(): Promise<() => Promise<void>> {
  const { setFlagsFromString } = await import('node:v8')
  const { runInNewContext } = await import('node:vm')
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  return async () => {
    // What was referred to on the stack, and what finalizers let go, is found by later collections.
    for (let round = 0; round < 4; round++) {
      await new Promise((resolve) => setTimeout(resolve, 5))
      gc()
    }
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
}

import { vi } from 'vitest'

interface Growing {
  grow(pages: number): number
}

const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: { prototype: Growing } } }).WebAssembly

/**
 * Lets program memory grow only as far as it may.
 *
 * @param fails whether growing by so many pages of 64 KiB fails, as it does where an engine has none left
 * @returns ends it
 */
export function failGrowing(fails: (pages: number) => boolean): () => void {
  const { grow } = Memory.prototype
  const spy = vi.spyOn(Memory.prototype, 'grow').mockImplementation(function (this: Growing, pages: number) {
    if (fails(pages)) throw new RangeError('WebAssembly.Memory.grow(): Unable to grow instance memory')
    return grow.call(this, pages)
  })
  return () => spy.mockRestore()
}

/** Lets no module be bound to memory, as where an engine has no room for code, or a page forbids it after all. */
export function failCompiling(): () => void {
  const { WebAssembly } = globalThis as unknown as { WebAssembly: { Instance: new () => object } }
  const spy = vi.spyOn(WebAssembly, 'Instance').mockImplementation(
    class {
      constructor() {
        throw new RangeError('WebAssembly.Instance(): Out of memory')
      }
    },
  )
  return () => spy.mockRestore()
}

import { dirname, join } from 'node:path'
import type { Plugin } from 'vite'

const worker = /new URL\('(\.[^']*worker\.ts)', import\.meta\.url\)/g

/**
 * Builds workers together with the page, so that they load the modules that the page has loaded already: bundles of
 * their own, as Vite makes them, would each hold the library again.
 */
export function pageWorkers(): Plugin {
  return {
    name: 'page-workers',
    apply: 'build',
    enforce: 'pre',
    transform(code, id) {
      if (!code.includes('new Worker(')) return
      return code.replaceAll(worker, (_, path: string) => {
        const chunk = this.emitFile({ type: 'chunk', id: join(dirname(id), path) })
        return `import.meta.ROLLUP_FILE_URL_${chunk}`
      })
    },
  }
}

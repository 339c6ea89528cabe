import { execFile } from 'node:child_process'
import { readFileSync, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { promisify } from 'node:util'
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the built page is served; `strict/` forbids WebAssembly too. */
    explorer: string
  }
}

const root = join(import.meta.dirname, '../..')
const dist = join(root, 'explorer/dist')
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
}
const policy = (scripts: string): string => `default-src 'self'; script-src ${scripts}; style-src 'self'`

/** Builds the page once for all tests and serves it as a static host would, with a policy that forbids all else. */
export default async function serveExplorer(project: TestProject): Promise<() => void> {
  // By itself, since a build inside of the test runner would be one for tests.
  const env = { ...process.env, NODE_ENV: 'production' }
  await promisify(execFile)('npm', ['run', '--silent', 'explorer:build'], { cwd: root, env })
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://page')
    const strict = pathname.startsWith('/strict/')
    const name = normalize(strict ? pathname.slice('/strict'.length) : pathname)
    const file = join(dist, name.endsWith('/') ? `${name}index.html` : name)
    response.setHeader('Content-Security-Policy', policy(strict ? "'self'" : "'self' 'wasm-unsafe-eval'"))
    if (!file.startsWith(dist) || !statSync(file, { throwIfNoEntry: false })?.isFile()) {
      response.statusCode = 404
      response.end()
      return
    }
    response.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream')
    response.end(readFileSync(file))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  project.provide('explorer', `http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
  return () => {
    server.closeAllConnections()
    server.close()
  }
}

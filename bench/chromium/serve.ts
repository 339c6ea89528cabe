import { createReadStream, existsSync, statSync } from 'node:fs'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { extname, join, normalize } from 'node:path'
import { build } from 'esbuild'

const bench = join(import.meta.dirname, '..')
const packages = join(bench, 'node_modules')

/** Isolated pages have a clock of 5 microseconds, others of 100. */
const isolated = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
}
const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
}

/** Scripts that are bundled, by their paths: where their imports are looked for, and what they say. */
export type Scripts = Readonly<Record<string, readonly [folder: string, source: string]>>

const scripts: Scripts = {
  '/page.js': [bench, "import './chromium/page.ts'"],
  '/packages/litert.js': [packages, "export * from '@litertjs/core'"],
  '/packages/tfjs.js': [
    packages,
    `import * as tf from '@tensorflow/tfjs-core'
     import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
     setWasmPaths('/files/@tensorflow/tfjs-backend-wasm/dist/')
     setThreadsCount(1)
     export default tf`,
  ],
}

async function bundled(resolveDir: string, contents: string): Promise<string> {
  const { outputFiles } = await build({
    ...{ bundle: true, format: 'esm', write: false, logLevel: 'error', target: 'es2022' },
    stdin: { contents, resolveDir, loader: 'ts' },
  })
  return outputFiles[0].text
}

/** Serves an empty page, scripts that are bundled for it, by default those of the bench, and below `/files/` the packages of bench/, below `/repository/` the repository. */
export async function serve(bundles: Scripts = scripts): Promise<Server> {
  const texts = new Map<string, string>()
  for (const [path, [folder, source]] of Object.entries(bundles)) texts.set(path, await bundled(folder, source))
  const server = createServer(({ url = '/' }, response) => {
    const { pathname } = new URL(url, 'http://localhost')
    const script = texts.get(pathname)
    if (script !== undefined) send(response, 'text/javascript').end(script)
    else if (pathname === '/') send(response, 'text/html').end('<!doctype html><title>bench</title><body></body>')
    else sendFile(response, pathname)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  return server
}

function send(response: ServerResponse, type: string): ServerResponse {
  return response.writeHead(200, { ...isolated, 'Content-Type': type })
}

/** The folders that are served, by the first part of a path. */
const folders: Readonly<Record<string, string>> = { files: packages, repository: join(bench, '..') }

function sendFile(response: ServerResponse, path: string): void {
  const [, name, ...parts] = path.split('/')
  const folder = Object.hasOwn(folders, name) ? folders[name] : undefined
  const file = folder && join(folder, normalize(`/${parts.join('/')}`))
  if (file && existsSync(file) && statSync(file).isFile()) {
    createReadStream(file).pipe(send(response, types[extname(file)] ?? 'application/octet-stream'))
  } else response.writeHead(404).end()
}

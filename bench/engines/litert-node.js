// Plain JavaScript, so that a fresh process starts at once.

import { readFileSync } from 'node:fs'
import { createRequire, Module } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const folder = join(import.meta.dirname, '..', 'node_modules')
const require = createRequire(join(folder, 'of-bench.js'))

/**
 * LiteRT.js is made for pages: it runs a script that leaves a function in `self`. Here that script is compiled as
 * CommonJS, which its package does not say it is, and `self` and `importScripts` are there for as long as that takes.
 */
export async function loadLiteRt() {
  const litert = await import(pathToFileURL(require.resolve('@litertjs/core')).href)
  const had = Object.getOwnPropertyDescriptor(globalThis, 'self')
  const importScripts = (path) => Object.assign(globalThis, { ModuleFactory: compiled(path) })
  const silent = { print: () => undefined, printErr: () => undefined }
  const given = { self: globalThis, importScripts, Module: silent, ModuleFactory: undefined }
  Object.assign(globalThis, given)
  const { warn } = console
  console.warn = () => undefined // that there is no GPU
  try {
    await litert.loadLiteRt(join(folder, '@litertjs/core/wasm/'))
  } finally {
    console.warn = warn
    for (const name of Object.keys(given)) Reflect.deleteProperty(globalThis, name)
    if (had) Object.defineProperty(globalThis, 'self', had)
  }
  return litert
}

/** What a file exports that is CommonJS, whatever its package says. */
function compiled(path) {
  const module = new Module(path)
  module.filename = path
  module.paths = []
  module._compile(readFileSync(path, 'utf8'), path)
  return module.exports
}

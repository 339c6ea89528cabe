/** What runs JavaScript and WebAssembly: versions of Node, and Debian's Chromium. */
export const hosts = ['node20', 'node22', 'node24', 'node26', 'chromium'] as const

export type Host = (typeof hosts)[number]

/** Those whose results go into the docs. */
export const usualHosts: readonly Host[] = ['node20', 'node24', 'node26', 'chromium']

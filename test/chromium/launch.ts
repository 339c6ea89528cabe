import { existsSync } from 'node:fs'

const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium'

/** How Chromium is started: the one of the system, and none that is downloaded. */
export const launchOptions = {
  executablePath,
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
}

/** Fails early where there is no Chromium, with what to do about it. */
export function checkChromium(): void {
  if (existsSync(executablePath)) return
  throw new Error(
    `test:chromium: Chromium must be at ${executablePath}; install it (Debian: apt-get install chromium), ` +
      'or name its file in the variable CHROMIUM',
  )
}

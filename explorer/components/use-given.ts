import { useLayoutEffect, useState } from 'preact/hooks'
import type { Given } from '../state/given.ts'

/** What the reader gave to the page last. */
export function useGiven<T>(given: Given<T>): T {
  const [value, setValue] = useState(given.get)
  useLayoutEffect(() => {
    const follow = (): void => setValue(given.get)
    follow()
    return given.follow(follow)
  }, [given])
  return value
}

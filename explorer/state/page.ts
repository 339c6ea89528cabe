import { createContext } from 'preact'
import { useCallback, useContext, useLayoutEffect, useMemo, useState } from 'preact/hooks'
import { allowance } from './allowance.ts'
import { messageOf } from './message.ts'
import { change, type PartName, parse, print, type State } from './url.ts'

/** What every view gets: the state, and the ways to change it. */
export interface Page {
  readonly state: State
  /** What was wrong with the link that the page was opened with. */
  readonly complaints: readonly string[]
  /** Changes one part to what a text says; returns the library's message where it says nothing. */
  readonly change: (name: PartName, text: string) => string | undefined
  /** Changes several parts at once, with values that are known to be good together. */
  readonly set: (values: Partial<State>) => void
  readonly forgive: () => void
}

const Context = createContext<Page | undefined>(undefined)
export const PageProvider = Context.Provider

/** The page that a component stands on. */
export function usePage(): Page {
  const page = useContext(Context)
  if (!page) throw new Error('a view must stand on the page')
  return page
}

/** The state of the page, kept in the link: another link is another state, and every change changes the link. */
export function useLinkedState(): Page {
  const [{ state, complaints }, setAll] = useState(() => parse(location.hash))
  const address = useMemo(writer, [])

  useLayoutEffect(() => {
    const follow = (): void => {
      address.forget()
      setAll(parse(location.hash))
    }
    addEventListener('hashchange', follow)
    return () => removeEventListener('hashchange', follow)
  }, [address])

  const keep = useCallback(
    (next: State): void => {
      address.write(print(next), next.view !== state.view || next.step !== state.step)
      setAll((all) => ({ ...all, state: next }))
    },
    [address, state.view, state.step],
  )

  return useMemo(() => {
    const changed = (name: PartName, text: string): string | undefined => {
      try {
        keep(change(state, name, text))
        return undefined
      } catch (error) {
        return messageOf(error)
      }
    }
    return {
      ...{ state, complaints, change: changed },
      set: (values) => keep({ ...state, ...values }),
      forgive: () => {
        keep(state) // the address says no more what nobody understood
        setAll({ state, complaints: [] })
      },
    }
  }, [state, complaints, keep])
}

/**
 * Writes the address: at once, or where that was too often, the last one a little later. Another page of the reader's,
 * a view or a step of the story, is an entry of its own, to which the browser's back leads.
 */
function writer(): { readonly write: (hash: string, another: boolean) => void; readonly forget: () => void } {
  const wait = allowance(60, 1)
  let timer: ReturnType<typeof setTimeout> | undefined
  const write = (hash: string, another: boolean): void => {
    clearTimeout(timer)
    const pause = wait(performance.now())
    if (pause > 0) timer = setTimeout(write, pause, hash, another)
    else if (another) history.pushState(null, '', hash)
    else history.replaceState(null, '', hash)
  }
  return { write, forget: () => clearTimeout(timer) }
}

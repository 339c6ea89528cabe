import type { FunctionComponent } from 'preact'
import { useLayoutEffect, useState } from 'preact/hooks'

/** A component whose code is fetched when it is first shown. */
export function lazy(load: () => Promise<FunctionComponent>): FunctionComponent {
  let Loaded: FunctionComponent | undefined
  return function Lazy() {
    const [arrival, setArrival] = useState<'awaited' | 'here' | 'failed'>(Loaded ? 'here' : 'awaited')
    useLayoutEffect(() => {
      let gone = false
      const tell = (what: 'here' | 'failed'): void => {
        if (!gone) setArrival(what)
      }
      if (!Loaded) {
        load().then(
          (component) => {
            Loaded = component
            tell('here')
          },
          () => tell('failed'),
        )
      }
      return () => {
        gone = true
      }
    }, [])
    if (Loaded) return <Loaded />
    if (arrival === 'awaited') {
      return (
        <p class="muted" data-awaited>
          Loading…
        </p>
      )
    }
    return (
      <section class="card" role="alert">
        <p class="refusal">explorer: the code of this view must be within reach; load the page again</p>
      </section>
    )
  }
}

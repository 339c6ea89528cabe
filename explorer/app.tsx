import { useLayoutEffect, useRef } from 'preact/hooks'
import { CopyButton } from './components/copy-button.tsx'
import { ThemeButton } from './components/theme-button.tsx'
import { useDroppedFiles } from './components/use-dropped-files.ts'
import { ownModels, ownPhoto } from './state/given.ts'
import { PageProvider, useLinkedState } from './state/page.ts'
import { print } from './state/url.ts'
import { views } from './views/registry.tsx'
import { viewNames } from './views/states.ts'

const MOST_COMPLAINTS = 8

/** The page: its head, the navigation, and the view that the link names. */
export function App() {
  const page = useLinkedState()
  const { state, complaints } = page
  const { title, lead, component: View } = views[state.view]
  // A picture opens on the view of pictures, or a model that runs is run on it; all else is taken for a model, and so is
  // what falls on a model that does not run. Pieces are planned for a model where it falls on them.
  const over = useDroppedFiles((files) => {
    const runs = state.view === 'model' && state.run === 'yes'
    if (files[0].type.startsWith('image/') && (runs || state.view !== 'model')) {
      ownPhoto.give(files[0])
      if (!runs) page.set({ view: 'picture' })
    } else {
      ownModels.give(files.slice(0, 2))
      page.set({ view: state.view === 'tiles' ? 'tiles' : 'model', sample: 'no', dims: {} })
    }
  })

  useLayoutEffect(() => {
    document.title = `${title} · samepad explorer`
  }, [title])

  // On a narrow page the names stand in one line that is pushed sideways: the one of this view is in sight.
  const names = useRef<HTMLElement>(null)
  useLayoutEffect(() => {
    const here = names.current?.querySelector<HTMLElement>('[aria-current]')
    if (here) names.current!.scrollLeft = here.offsetLeft - (names.current!.clientWidth - here.offsetWidth) / 2
  }, [state.view])

  return (
    <PageProvider value={page}>
      <header class="head">
        <a class="skip" href={print(state)} onClick={skip}>
          Skip to the drawing
        </a>
        <p class="brand">
          samepad <span>explorer</span>
        </p>
        <nav aria-label="Views" ref={names}>
          {viewNames.map((name) => (
            <a
              key={name}
              href={print({ ...state, view: name })}
              aria-current={name === state.view ? 'page' : undefined}
            >
              {views[name].title}
            </a>
          ))}
        </nav>
        <div class="tools">
          <CopyButton text={() => new URL(print(state), location.href).href} label="Copy link" />
          <ThemeButton />
        </div>
      </header>
      <main id="main" tabIndex={-1} class={over ? 'over' : ''}>
        <div class="title">
          <h1>{title}</h1>
          <p class="lead">{lead}</p>
        </div>
        {complaints.length > 0 && (
          <div class="complaints" role="alert">
            <p>This link says things that the page does not understand; it shows what it could.</p>
            <ul>
              {complaints.slice(0, MOST_COMPLAINTS).map((text, index) => (
                <li key={index}>{text}</li>
              ))}
              {complaints.length > MOST_COMPLAINTS && <li>and {complaints.length - MOST_COMPLAINTS} more</li>}
            </ul>
            <button
              type="button"
              onClick={() => {
                page.forgive()
                toMain() // the button goes away
              }}
            >
              Dismiss
            </button>
          </div>
        )}
        <View key={state.view} />
      </main>
      <footer>
        <p>
          Drawn by <b>samepad</b> in this page: nothing is sent anywhere, nothing is stored but the theme.
        </p>
      </footer>
    </PageProvider>
  )
}

/** The hash is the state, so the skip link moves the focus by itself. */
function skip(event: Event): void {
  event.preventDefault()
  toMain()
}

const toMain = (): void => document.getElementById('main')?.focus()

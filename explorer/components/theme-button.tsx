import { useLayoutEffect, useState } from 'preact/hooks'

const KEY = 'samepad-theme'
const themes = ['auto', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

/** The theme that the reader chose; it belongs to the reader, not to what a link shows. */
function remembered(): Theme {
  try {
    const theme = localStorage.getItem(KEY)
    return themes.find((one) => one === theme) ?? 'auto'
  } catch {
    return 'auto' // a page may be forbidden to remember
  }
}

/** A button for the system's theme, light or dark. */
export function ThemeButton() {
  const [theme, setTheme] = useState(remembered)
  useLayoutEffect(() => {
    if (theme === 'auto') delete document.documentElement.dataset.theme
    else document.documentElement.dataset.theme = theme
    try {
      if (theme === 'auto') localStorage.removeItem(KEY)
      else localStorage.setItem(KEY, theme)
    } catch {
      // It holds as long as the page is open.
    }
  }, [theme])
  const next = themes[(themes.indexOf(theme) + 1) % themes.length]
  return (
    <button type="button" class="theme" onClick={() => setTheme(next)} title={`Change to ${next}`}>
      Theme: {theme}
    </button>
  )
}

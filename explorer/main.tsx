import { render } from 'preact'
import { App } from './app.tsx'
import './styles/theme.css'
import './styles/page.css'
import './styles/controls.css'
import './styles/drawing.css'
import './styles/columns.css'

render(<App />, document.getElementById('page') as HTMLElement)

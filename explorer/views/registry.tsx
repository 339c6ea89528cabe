import type { FunctionComponent } from 'preact'
import type { ViewName } from '../state/url.ts'
import { OneAxis } from './one-axis/view.tsx'

/** A view of the page. */
export interface View {
  /** Its name in the navigation. */
  readonly title: string
  /** A line on what it shows. */
  readonly lead: string
  readonly component: FunctionComponent
}

/** Every view, by its name in the link. */
export const views: Readonly<Record<ViewName, View>> = {
  'one-axis': {
    title: 'One axis',
    lead: 'Which cells does every output read, and where do two frameworks part?',
    component: OneAxis,
  },
}

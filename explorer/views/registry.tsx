import type { FunctionComponent } from 'preact'
import type { ViewName } from '../state/url.ts'
import { Code } from './code/view.tsx'
import { AModel } from './model/view.tsx'
import { Network } from './network/view.tsx'
import { OneAxis } from './one-axis/view.tsx'
import { OnAPicture } from './picture/view.tsx'
import { TwoAxes } from './two-axes/view.tsx'

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
  code: {
    title: 'Code',
    lead: 'The layer in every framework, so that each computes the same.',
    component: Code,
  },
  'two-axes': {
    title: 'Two axes',
    lead: 'The padding on four sides, and where the middle of every window falls.',
    component: TwoAxes,
  },
  network: {
    title: 'A network',
    lead: 'A cell here, two cells there: how far two rules drift apart through all layers, and on which sizes they do not.',
    component: Network,
  },
  picture: {
    title: 'On a picture',
    lead: 'The same kernel under two rules: every shape agrees, and the picture has moved.',
    component: OnAPicture,
  },
  model: {
    title: 'A model',
    lead: 'Whose padding does a network have, and what is wrong with it? Read and mended here, in the page.',
    component: AModel,
  },
}

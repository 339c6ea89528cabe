import type { FunctionComponent } from 'preact'
import { lazy } from '../components/lazy.tsx'
import type { ViewName } from '../state/url.ts'
import { OneAxis } from './one-axis/view.tsx'
import { Story } from './story/view.tsx'

/** A view of the page. */
export interface View {
  /** Its name in the navigation. */
  readonly title: string
  /** A line on what it shows. */
  readonly lead: string
  readonly component: FunctionComponent
}

/** Every view, by its name in the link. The first one comes with the page, the others when they are shown. */
export const views: Readonly<Record<ViewName, View>> = {
  story: {
    title: 'The story',
    lead: 'Why a network that was ported looks at the wrong pixels, in six steps.',
    component: Story,
  },
  'one-axis': {
    title: 'One axis',
    lead: 'A layer cell by cell, and where two frameworks differ: an output reads cells, a transposed convolution writes them.',
    component: OneAxis,
  },
  diagnosis: {
    title: 'Numbers',
    lead: 'An output that does not agree: which padding made these numbers?',
    component: lazy(async () => (await import('./diagnosis/view.tsx')).Diagnosis),
  },
  conventions: {
    title: 'Conventions',
    lead: 'Every rule by which a framework pads, with its formula and its source.',
    component: lazy(async () => (await import('./conventions/view.tsx')).Conventions),
  },
  code: {
    title: 'Code',
    lead: 'The layer in every framework, so that each computes the same.',
    component: lazy(async () => (await import('./code/view.tsx')).Code),
  },
  'two-axes': {
    title: 'Two axes',
    lead: 'A layer on rows and columns: padding on four sides, and which cells every output reads.',
    component: lazy(async () => (await import('./two-axes/view.tsx')).TwoAxes),
  },
  network: {
    title: 'A network',
    lead: 'How far apart two paddings look after each layer of a network, and on which input sizes they agree.',
    component: lazy(async () => (await import('./network/view.tsx')).Network),
  },
  picture: {
    title: 'On a picture',
    lead: 'The same kernel under two conventions: every shape agrees, and the picture has moved.',
    component: lazy(async () => (await import('./picture/view.tsx')).OnAPicture),
  },
  model: {
    title: 'A model',
    lead: 'Which padding does a network have, and is it right? Read and mended here, in the page.',
    component: lazy(async () => (await import('./model/view.tsx')).AModel),
  },
  tiles: {
    title: 'Pieces',
    lead: 'A picture that is too large for memory: how to cut it so that no seam shows, and what that costs.',
    component: lazy(async () => (await import('./tiles/view.tsx')).Pieces),
  },
  training: {
    title: 'Training',
    lead: 'A small network, padded SAME, with stride and dilation: it learns here, in the page, while its loss is drawn.',
    component: lazy(async () => (await import('./training/view.tsx')).Training),
  },
}

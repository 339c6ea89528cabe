import { layer } from '../layer/state.ts'
import { code } from './code/state.ts'
import { diagnosis } from './diagnosis/state.ts'
import { run } from './model/run/state.ts'
import { model } from './model/state.ts'
import { network } from './network/state.ts'
import { picture } from './picture/state.ts'
import { story } from './story/state.ts'
import { tiles } from './tiles/state.ts'
import { training } from './training/state.ts'

// What the link holds: every view's name, and the parts of the state that views own. A view that shows the layer of the
// settings needs no part of its own.

/** The views by their names in the link, in the order of the navigation. */
export const viewNames = [
  'story',
  'one-axis',
  'two-axes',
  'network',
  'model',
  'tiles',
  'diagnosis',
  'picture',
  'training',
  'code',
  'conventions',
] as const

/** The parts of the state, those of the layer first. No two parts have the same name. */
export const groups = [layer, network, picture, model, code, story, diagnosis, run, tiles, training] as const

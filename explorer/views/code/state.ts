import { type Framework, spelledFrameworks } from 'samepad/geometry'
import { choice, group, index } from '../../state/part.ts'

/** How many axes the layer has. */
export const ranks = ['1', '2'] as const

/** What the code view has of its own: the framework to write for, and of what. */
export const code = group({
  to: choice<Framework>('the framework', spelledFrameworks),
  axes: choice('the axes', ranks),
  from: index('the convention'),
})

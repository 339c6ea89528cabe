import { parseSetting, SamepadError, solve } from 'samepad/geometry'
import { choice, group, number, type Part } from '../../state/part.ts'

const answers = ['no', 'yes'] as const

/** What `fix` does: it mends what was found, or rewrites all padding in one way. */
export const rewrites = {
  findings: 'mend what was found',
  explicit: 'write auto_pad as numbers',
  'auto-pad': 'write pads that are SAME as auto_pad',
  'tf-same': 'pad as TensorFlow SAME: the values change',
  symmetric: 'pad both sides alike: the values change',
} as const
export type Rewrite = keyof typeof rewrites

const one = parseSetting('onnx k1 same_upper')
const size = number(1, (cells) => void solve(one, cells))

/** A size of an input, checked by the library. */
export const readSize = (text: string): number => size.read(text)

/** Sizes that are typed for what a file leaves open, by name. */
export type GivenSizes = Readonly<Record<string, number>>

const dims: Part<GivenSizes> = {
  initial: {},
  read: (text) => {
    const pairs = text.split(';').filter(Boolean)
    return Object.fromEntries(
      pairs.map((pair) => {
        const [, name = '', cells = ''] = /^(.*):(.*)$/s.exec(pair) ?? []
        if (!name) throw new SamepadError('explorer', 'a size must be written as name:cells', pair)
        return [name.replaceAll('%3A', ':').replaceAll('%3B', ';'), readSize(cells)]
      }),
    )
  },
  write: (sizes) =>
    Object.entries(sizes)
      .map(([name, cells]) => `${name.replaceAll(';', '%3B').replaceAll(':', '%3A')}:${cells}`)
      .join(';'),
}

/** What the view of models has of its own. A reader's file is in no link. */
export const model = group({
  sample: choice('the sample', answers),
  rewrite: choice('the rewrite', Object.keys(rewrites) as Rewrite[]),
  unsafe: choice('unsafe fixes', answers),
  nodes: choice('the nodes', ['telling', 'all'] as const),
  dims,
})

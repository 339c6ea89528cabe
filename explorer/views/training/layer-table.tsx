import { counted } from '../../../src/words/numbers.ts'
import { ScrollTable } from '../model/table.tsx'
import type { LayerText } from './messages.ts'

const heads = ['layer', 'window', 'input', 'before, after', 'output', 'learned']

/** What the network is made of. */
export function LayerTable({ layers }: { layers: readonly LayerText[] }) {
  const all = layers.reduce((sum, { learned }) => sum + learned, 0)
  return (
    <section class="card" aria-label="Layers">
      <h2>The layers</h2>
      <p class="muted">
        Padded as TensorFlow's SAME: where a stride meets an even size, the odd cell is added at the end.{' '}
        {counted(all, 'number')} are learned.
      </p>
      <ScrollTable label="Table of layers" heads={heads}>
        {layers.map(({ name, window, input, pads, output, learned }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            {[window, input, pads, output, String(learned)].map((text, at) => (
              <td key={heads[at + 1]} data-head={heads[at + 1]}>
                {text}
              </td>
            ))}
          </tr>
        ))}
      </ScrollTable>
    </section>
  )
}

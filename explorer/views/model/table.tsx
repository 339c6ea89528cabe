import type { ComponentChildren } from 'preact'
import { Scroll } from '../../components/scroll.tsx'

/** A table of nodes that scrolls where it is too wide. */
export function ScrollTable(props: { label: string; heads: readonly string[]; children: ComponentChildren }) {
  const { label, heads, children } = props
  return (
    <Scroll label={label}>
      <table class="nodes">
        <thead>
          <tr>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scroll>
  )
}

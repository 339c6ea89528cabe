import type { ComponentChildren } from 'preact'

/** A table of nodes that scrolls where it is too wide. */
export function ScrollTable(props: { label: string; heads: readonly string[]; children: ComponentChildren }) {
  const { label, heads, children } = props
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section class="scroll" tabIndex={0} aria-label={label}>
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
    </section>
  )
}

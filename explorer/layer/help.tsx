import { CopyButton } from '../components/copy-button.tsx'
import { usePage } from '../state/page.ts'
import { print } from '../state/url.ts'
import { commandOf } from './command.ts'

/** What the fields and the words of the page mean. */
export function Help() {
  const { state } = usePage()
  return (
    <details class="help">
      <summary>What do these words mean?</summary>
      <dl>
        <dt>input</dt>
        <dd>how many cells the layer gets along an axis</dd>
        <dt>kernel</dt>
        <dd>how many cells one output reads; each of them is a tap</dd>
        <dt>stride</dt>
        <dd>how many cells further on the next output reads</dd>
        <dt>dilation</dt>
        <dd>how many cells lie from one tap to the next; 1 is an ordinary kernel</dd>
        <dt>padding</dt>
        <dd>cells that are added around the input; mostly they hold zero</dd>
        <dt>convention</dt>
        <dd>
          the rule by which a framework pads, in its own words: <code>tf same</code>, <code>pytorch p1</code>,{' '}
          <code>pytorch p1,0x0,2</code> for four sides (top, bottom, left, right), or a line of a program:{' '}
          <code>nn.Conv2d(3, 8, 3, stride=2, padding=1)</code>.{' '}
          <a href={print({ ...state, view: 'conventions' })}>All of them</a>
        </dd>
      </dl>
      <p>The same answer in a terminal:</p>
      <p>
        <code>{commandOf(state)}</code>
      </p>
      <CopyButton text={() => commandOf(state)} label="Copy command" />
    </details>
  )
}

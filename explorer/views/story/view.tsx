import type { ComponentChildren, FunctionComponent } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { FileButton } from '../../components/file-button.tsx'
import { lazy } from '../../components/lazy.tsx'
import { ownModels } from '../../state/given.ts'
import { usePage } from '../../state/page.ts'
import { print } from '../../state/url.ts'
import { FiveLayers, OneLayer, SafeSizes, Shapes } from './figures.tsx'
import { stepOfFive } from './model.ts'
import { steps } from './state.ts'

/** A step of the story: a sentence as its title, a few more, and what is seen. */
interface Step {
  readonly title: string
  readonly text: () => ComponentChildren
  readonly figure: FunctionComponent
}

const told: readonly Step[] = [
  {
    title: 'Two frameworks, the same shapes',
    text: () => (
      <p>
        A layer of a network looks at 3 cells (say, pixels in a row) to make one output, then moves on by 2 cells for
        the next. From 8 cells TensorFlow makes 4 outputs, and so does PyTorch. Every shape agrees. No test fails. Yet
        the outputs are not the same.
      </p>
    ),
    figure: Shapes,
  },
  {
    title: 'One layer: they look at different cells',
    text: () => (
      <p>
        For 4 outputs the input needs more cells around it: <b>padding</b>, mostly zeros. TensorFlow (
        <code>tf same</code>) adds 1 cell, at the end. PyTorch (<code>pytorch p1</code>) adds 1 at each end. So every
        PyTorch output reads one cell earlier. Point at an output, or press Play.
      </p>
    ),
    figure: OneLayer,
  },
  {
    title: 'Five layers: 31 cells',
    text: () => (
      <p>
        The next layer reads what this one wrote, and its cells are twice as far apart on the picture. So each layer
        doubles the mistake and adds its own: after five such layers the two look at places that are 31 cells apart.
      </p>
    ),
    figure: FiveLayers,
  },
  {
    title: 'In a photo, the face has moved',
    text: () => (
      <p>
        A face detector was trained in TensorFlow. The same weights with PyTorch&rsquo;s padding find the face further
        down and to the right, and nothing reports an error. Both boxes are computed in this page, right now.
      </p>
    ),
    figure: lazy(async () => (await import('./photo.tsx')).FacePhoto),
  },
  {
    title: 'Some sizes are safe',
    text: () => (
      <p>
        On an odd size both add the same cells. A picture of 513 pixels gives every layer an odd size: 513, 257, 129,
        65, 33. Such sizes are {stepOfFive()} cells apart: 481, 513, 545. There the two frameworks agree, and that is
        why some networks take pictures of 513 pixels.
      </p>
    ),
    figure: SafeSizes,
  },
  {
    title: 'Now your model',
    text: () => (
      <p>
        Drop a file anywhere on this page: it is read here and goes nowhere. You are told whose padding every layer has,
        what is wrong, and how to mend it. Or look at any layer cell by cell.
      </p>
    ),
    figure: Onward,
  },
]

/** What goes wrong with padding, in six steps. */
export function Story() {
  const { state, set } = usePage()
  const at = steps.indexOf(state.step)
  const { title, text, figure: Drawn } = told[at]
  const heading = useRef<HTMLHeadingElement>(null)
  const shown = useRef(at)
  // Who goes on by keys or by ear is at the beginning of the next step.
  useEffect(() => {
    if (shown.current !== at) heading.current?.focus()
    shown.current = at
  }, [at])
  return (
    <div class="story">
      <div class="told">
        <p class="muted">
          {at + 1} of {told.length}
        </p>
        <h2 ref={heading} tabIndex={-1}>
          {title}
        </h2>
        {text()}
        <div class="buttons">
          <button type="button" disabled={at === 0} onClick={() => set({ step: steps[at - 1] })}>
            Back
          </button>
          {at < told.length - 1 && (
            <button type="button" class="primary" onClick={() => set({ step: steps[at + 1] })}>
              Next
            </button>
          )}
        </div>
        <nav class="dots" aria-label="Steps">
          {told.map((one, index) => (
            <a
              key={one.title}
              href={print({ ...state, step: steps[index] })}
              aria-label={`${index + 1}: ${one.title}`}
              aria-current={index === at ? 'step' : undefined}
            >
              {index + 1}
            </a>
          ))}
        </nav>
      </div>
      <div class="stage">
        <Drawn key={state.step} />
      </div>
    </div>
  )
}

/** Where to go from here. */
function Onward() {
  const { state, set } = usePage()
  return (
    <section class="card welcome" aria-label="Onward">
      <FileButton
        label="Choose a model…"
        accept=""
        several
        onFiles={(files) => {
          ownModels.give(files.slice(0, 2))
          set({ view: 'model', sample: 'no' })
        }}
      />
      <ul class="onward">
        <li>
          <a href={print({ ...state, view: 'model', sample: 'yes' })}>Try the face detector</a>: whose padding is it?
        </li>
        <li>
          <a href={print({ ...state, view: 'one-axis' })}>One layer</a>, cell by cell, in any framework
        </li>
        <li>
          <a href={print({ ...state, view: 'network' })}>A whole network</a>, and the sizes that are safe
        </li>
        <li>
          <a href={print({ ...state, view: 'diagnosis' })}>Numbers</a> that do not agree: which padding made them?
        </li>
      </ul>
    </section>
  )
}

import type { ComponentChildren, FunctionComponent } from 'preact'
import { useLayoutEffect, useRef } from 'preact/hooks'
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
        A layer of a network (a convolution of kernel 3 and stride 2) reads 3 cells, say pixels in a row, to make one
        output, and moves on by 2 cells for the next. For the outputs at the ends, cells are added around the input;
        they are called <b>padding</b> and mostly hold zero. From 8 cells TensorFlow makes 4 outputs, and so does
        PyTorch. Every shape agrees and no test fails. Yet the outputs do not have the same values: the next step shows
        why.
      </p>
    ),
    figure: Shapes,
  },
  {
    title: 'One layer: they look at different cells',
    text: () => (
      <p>
        TensorFlow (<code>tf same</code>) works out that 1 cell is missing and adds it at the end. PyTorch (
        <code>pytorch p1</code>, for padding=1) adds 1 cell at each end. So every PyTorch output reads one cell earlier.
        Choose an output, or press Play.
      </p>
    ),
    figure: OneLayer,
  },
  {
    title: 'Five layers: 31 cells',
    text: () => (
      <p>
        A second layer like it reads those outputs, which lie 2 cells of the input apart. Reading one of them earlier is
        2 cells earlier on the input, and the 1 cell of the first layer is added: 3. So each layer doubles the distance
        and adds 1. After five such layers PyTorch looks 31 cells of the input earlier than TensorFlow.
      </p>
    ),
    figure: FiveLayers,
  },
  {
    title: 'In a photo, the face has moved',
    text: () => (
      <p>
        A face detector was trained in TensorFlow. With PyTorch&rsquo;s padding its layers read further up and left than
        they learned to. To them the face seems to lie further down and right, and so the box is drawn there. Nothing
        reports an error.
      </p>
    ),
    figure: lazy(async () => (await import('./photo.tsx')).FacePhoto),
  },
  {
    title: 'Some sizes are safe',
    text: () => (
      <p>
        On an odd size this layer lacks 2 cells of padding, and both frameworks add one at each end. On an even size it
        lacks 1, and they differ. A picture of 513 pixels gives all five layers an odd size: 513, 257, 129, 65, 33. So
        does every {stepOfFive()}nd size: 481, 513, 545. That is why some networks take pictures of 513 pixels.
      </p>
    ),
    figure: SafeSizes,
  },
  {
    title: 'Now your model',
    text: () => (
      <p>
        Choose a model&rsquo;s file (ONNX, TFLite, Keras, PyTorch and more), or drop it on this page: it is read here
        and goes nowhere. You are told which padding every layer has, what is wrong, and how to mend it.
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
  useLayoutEffect(() => {
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
          <a href={print({ ...state, view: 'model', sample: 'yes' })}>Try the face detector</a>: TensorFlow&rsquo;s
          padding or PyTorch&rsquo;s?
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

import { ints, node } from '../models/onnx/make-model.ts'

/** Nodes that pad `x` as SAME with arithmetic on its shape, as exporters write it, to `padded`; four axes. */
export function sameByShape(stride: number, kernel: number) {
  const axes = [2, 3]
  const steps = axes.flatMap((axis) => [
    node('Shape', 'x', `size${axis}`, { start: axis, end: axis + 1 }),
    node('Add', `size${axis} less`, `more${axis}`),
    node('Div', `more${axis} stride`, `windows${axis}`),
    node('Sub', `windows${axis} one`, `steps${axis}`),
    node('Mul', `steps${axis} stride`, `last${axis}`),
    node('Add', `last${axis} kernel`, `end${axis}`),
    node('Sub', `end${axis} size${axis}`, `missing${axis}`),
    node('Max', `missing${axis} zero`, `total${axis}`),
    node('Div', `total${axis} two`, `begin${axis}`),
    node('Sub', `total${axis} begin${axis}`, `rest${axis}`),
  ])
  return {
    nodes: [
      ...steps,
      node('Concat', 'none begin2 begin3 none rest2 rest3', 'sides', { axis: 0 }),
      node('Pad', 'x sides', 'padded'),
    ],
    initializers: [
      ...[ints('less', [stride - 1]), ints('stride', [stride]), ints('kernel', [kernel])],
      ...[ints('one', [1]), ints('zero', [0]), ints('two', [2]), ints('none', [0, 0])],
    ],
  }
}

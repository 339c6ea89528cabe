import { loadNetwork, type NetworkPlan, type PlannedStep } from '../graph.ts'
import { counted } from '../words/numbers.ts'
import type { Answer, Request, Shell } from './command.ts'
import { sizesFor } from './feeds.ts'
import { FileError, withFile } from './file-error.ts'
import { modelFile, modelIn } from './model-files.ts'
import type { TextStyle } from './style.ts'
import { fromEnd, shortened, table, wrap } from './table.ts'

/** `explain model.onnx --plan`: the steps of a model, and where its values lie. */
export async function planModel(word: string, request: Request, shell: Shell): Promise<Answer> {
  const file = await modelFile('explain', word, shell)
  const { name, source } = file
  const model = await modelIn(file)
  if (model.framework !== undefined) throw new FileError('explain', 'the model that is planned must be ONNX', name)
  const network = await withFile(name, () => loadNetwork(source))
  const plan = network.plan(sizesFor('explain', request, model))
  return { data: { file: name, ...plan }, lines: (style) => planLines(name, plan, style), exitCode: 0 }
}

function planLines(name: string, plan: NetworkPlan, { strong, faint }: TextStyle): string[] {
  const { steps, layout, reason, arena, live, weights, later } = plan
  const rows = steps.map(({ node, operation, detail, outputs }: PlannedStep) => [
    shortened(operation, 12),
    shortened(detail, 26),
    shortened(outputs[0].join('x'), 14),
    fromEnd(node, 22),
  ])
  const [head, ...lines] = table([['step', '', 'output', 'node'], ...rows], '<<<<')
  return [
    ...wrap(
      `${strong(name)}: ${counted(steps.length, 'step')}, ${kilobytes(arena)} for values (${kilobytes(live)} live together), ` +
        `${kilobytes(weights)} of weights`,
    ),
    ...wrap(`Layout ${strong(layout)}: ${reason}`),
    '',
    faint(head),
    ...lines,
    ...(later.length > 0
      ? ['', ...wrap(`Planned only when it runs, since their sizes depend on computed values: ${later.join(', ')}`)]
      : []),
  ]
}

const kilobytes = (bytes: number): string => `${Math.round(bytes / 1000)} kB`

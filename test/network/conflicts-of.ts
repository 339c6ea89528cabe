import { readModel, type SizeConflict, traceModel } from '../models/onnx/all.ts'
import { model, node, type Parts } from '../models/onnx/make-model.ts'

// What of a network cannot run.

export type Sizes = readonly (number | string)[]

export async function conflictsOf(parts: Parts, opset = 17): Promise<readonly SizeConflict[]> {
  return traceModel(await readModel(model(parts, opset))).conflicts
}

/** One node on inputs of such shapes; what follows are constants. */
export async function conflictOf(
  opType: string,
  shapes: readonly Sizes[],
  attributes: Parameters<typeof node>[3] = {},
  more: { readonly initializers?: Parts['initializers']; readonly opset?: number; readonly outputs?: string } = {},
): Promise<SizeConflict | undefined> {
  const names = shapes.map((_, index) => 'abcde'[index])
  const constants = (more.initializers ?? []).map(({ name = '' }) => name)
  const found = await conflictsOf(
    {
      nodes: [node(opType, [...names, ...constants].join(' '), more.outputs ?? 'y', attributes)],
      inputs: Object.fromEntries(names.map((name, index) => [name, shapes[index]])),
      initializers: more.initializers ?? [],
    },
    more.opset,
  )
  return found[0]
}

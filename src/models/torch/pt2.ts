import { fileError } from '../../bytes/file-error.ts'
import { checkedJson, type JsonKind } from '../../bytes/json.ts'
import type { ByteSource } from '../../bytes/source.ts'
import { parseJson } from '../../bytes/whole.ts'
import { readEntry, type ZipEntry, zipEntries } from '../../bytes/zip.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Model, Shape } from '../../network/model.ts'
import { ModelBuilder, openSize } from '../builder.ts'
import { largest } from '../limits.ts'
import { type AtenArgument, addCall } from './aten.ts'

/** The most bytes of the program's JSON; weights are other entries. */
const LARGEST = largest.pt2

/** Parts of an exported program, schema 8 (pytorch torch/_export/serde/schema.py), as far as they are read. */
interface JsonArgument {
  readonly as_tensor?: { readonly name: string }
  readonly as_tensors?: readonly { readonly name: string }[]
  readonly as_int?: number
  readonly as_ints?: readonly number[]
  readonly as_float?: number | string
  readonly as_bool?: boolean
  readonly as_string?: string
  readonly as_sym_ints?: readonly { readonly as_int?: number; readonly as_name?: string }[]
}
interface JsonNode {
  readonly target?: string
  readonly inputs?: readonly { readonly name?: string; readonly arg?: JsonArgument }[]
  readonly outputs?: readonly JsonArgument[]
  readonly metadata?: Readonly<Record<string, string>>
}
interface JsonGraph {
  readonly inputs?: readonly JsonArgument[]
  readonly outputs?: readonly JsonArgument[]
  readonly nodes?: readonly JsonNode[]
  readonly tensor_values?: Readonly<
    Record<
      string,
      { readonly sizes?: readonly { readonly as_int?: number; readonly as_expr?: { readonly expr_str?: string } }[] }
    >
  >
}
interface JsonProgram {
  readonly graph_module?: {
    readonly graph?: JsonGraph
    readonly signature?: { readonly input_specs?: readonly { readonly user_input?: { readonly arg?: JsonArgument } }[] }
  }
  readonly torch_version?: string
}

const named: JsonKind = { name: 'string' }
const argumentKind: JsonKind = {
  ...{ as_tensor: named, as_tensors: [named], as_int: 'number', as_ints: ['number'], as_float: 'text or number' },
  ...{ as_bool: 'boolean', as_string: 'string', as_sym_ints: [{ as_int: 'number', as_name: 'string' }] },
}
const nodeKind: JsonKind = {
  ...{ target: 'string', inputs: [{ name: 'string', arg: argumentKind }], outputs: [argumentKind] },
  metadata: { '*': 'string' },
}
const programKind: JsonKind = {
  graph_module: {
    graph: {
      ...{ inputs: [argumentKind], outputs: [argumentKind], nodes: [nodeKind] },
      tensor_values: { '*': { sizes: [{ as_int: 'number', as_expr: { expr_str: 'string' } }] } },
    },
    signature: { input_specs: [{ user_input: { arg: argumentKind } }] },
  },
  torch_version: 'string',
}

/** Whether an entry of an archive is an exported program: the first model of a new archive, or the one of an old one. */
const isProgram = ({ name }: ZipEntry): boolean =>
  /(^|\/)models\/[^/]+\.json$/.test(name) || /(^|\/)serialized_exported_program\.json$/.test(name)

/** Reads an exported program of PyTorch (`.pt2`). */
export async function readPt2(source: ByteSource): Promise<Model> {
  const entry = (await zipEntries(source)).find(isProgram)
  if (!entry) throw fileError('pt2', 'an archive must have an exported program', new Verbatim('none'))
  const program = parse(new TextDecoder().decode(await readEntry(source, entry, LARGEST)))
  const { graph = {}, signature } = program.graph_module ?? {}
  const builder = new ModelBuilder()
  const shapes = new Map(Object.entries(graph.tensor_values ?? {}).map(([name, { sizes }]) => [name, shapeOf(sizes)]))
  const users = signature?.input_specs?.flatMap((one) => one.user_input?.arg?.as_tensor?.name ?? [])
  const names = users ?? (graph.inputs ?? []).flatMap((one) => one.as_tensor?.name ?? [])
  for (const name of names) builder.input(name, shapes.get(name))
  for (const node of graph.nodes ?? []) addNode(node, shapes, builder)
  for (const one of graph.outputs ?? []) if (one.as_tensor) builder.output(one.as_tensor.name)
  return builder.model(source, {
    ...{ producerName: 'PyTorch', producerVersion: program.torch_version, framework: 'pytorch' },
  })
}

function parse(text: string): JsonProgram {
  return (checkedJson('pt2', parseJson(text, 'pt2', 'a program'), programKind) ?? {}) as JsonProgram
}

type Sizes = NonNullable<NonNullable<JsonGraph['tensor_values']>[string]['sizes']>

/** Sizes are numbers or expressions: a name by itself is that of an open size. */
const shapeOf = (sizes: Sizes | undefined): Shape | undefined =>
  sizes?.map(({ as_int, as_expr }) => (as_int === undefined ? as_expr?.expr_str || undefined : openSize(as_int)))

function addNode(
  { target = '', inputs = [], outputs = [], metadata }: JsonNode,
  shapes: ReadonlyMap<string, Shape | undefined>,
  builder: ModelBuilder,
): void {
  const names = outputs.flatMap((one) => one.as_tensor?.name ?? one.as_tensors?.map(({ name }) => name) ?? [])
  for (const name of names) builder.value(name, shapes.get(name))
  const given = new Map(inputs.map(({ name = '', arg = {} }) => [name, argumentOf(arg)]))
  const [, op = target] = /(?:^|\.)aten\.(\w+)(?:\.|$)/.exec(target) ?? []
  addCall({
    ...{ op, name: nameOf(metadata) ?? names[0] ?? op, outputs: names, builder },
    argument: (name) => given.get(name),
    shapeOf: (value) => shapes.get(value),
  })
}

/** The module that a node belongs to, the innermost of its stack. */
function nameOf(metadata: Readonly<Record<string, string>> | undefined): string | undefined {
  const last = metadata?.nn_module_stack?.split(';').at(-1)
  return last?.split(',')[1] || undefined
}

function argumentOf(argument: JsonArgument): AtenArgument {
  const { as_tensor, as_tensors, as_int, as_ints, as_float, as_bool, as_string, as_sym_ints } = argument
  if (as_tensor) return { value: as_tensor.name }
  if (as_tensors) return { values: as_tensors.map(({ name }) => name) }
  if (as_ints) return { numbers: as_ints }
  if (as_sym_ints) {
    const numbers = as_sym_ints.map((one) => one.as_int)
    return { numbers: numbers.every((one) => one !== undefined) ? (numbers as number[]) : undefined }
  }
  if (as_bool !== undefined) return { bool: as_bool }
  if (as_string !== undefined) return { text: as_string }
  const number = as_int ?? (as_float === undefined ? undefined : Number(as_float))
  return number === undefined ? {} : { number }
}

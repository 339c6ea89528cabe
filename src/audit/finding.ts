import type { Node } from '../network/model.ts'
import type { NetworkLayer } from './layer.ts'
import type { Network } from './network.ts'

/** How bad it is: it will not run or gives nonsense; it is probably wrong; it is worth knowing. */
export type Severity = 'error' | 'warning' | 'note'

/** All of them, the worst first. */
export const severities: readonly Severity[] = ['error', 'warning', 'note']

/** What `fix` can do about a finding. */
export interface Proposal {
  /** Write automatic padding as numbers, or work a `Pad` into the node that it feeds. */
  readonly action: 'explicit' | 'fold'
  /** Whether the model computes the same afterwards, by the specification, for every input. */
  readonly safe: boolean
  /** What it does, in a few words. */
  readonly what: string
}

/** Where a finding was made. */
export interface NodePlace {
  /** Index in the list of spatial nodes; undefined for a node that slides no window. */
  readonly index: number | undefined
  readonly name: string
  /** Graph, subgraphs and functions that lead to it. */
  readonly path: string
  /** First byte of the node in the file, and how many it has. */
  readonly byteOffset: number
  readonly byteLength: number
  /** The line that it begins on, from 1; undefined where the file is no text. */
  readonly line?: number | undefined
}

/** What a rule found. */
export interface Finding {
  /** Name of the rule. */
  readonly rule: string
  readonly severity: Severity
  /** The node; undefined where it is about the network as a whole. */
  readonly node: NodePlace | undefined
  /** A sentence, with the numbers. */
  readonly message: string
  readonly fix?: Proposal | undefined
}

/** What the check of a rule gives: a finding without what the rule adds. */
export interface RuleFinding {
  readonly layer?: NetworkLayer | undefined
  /** The place of a node that slides no window. */
  readonly place?: NodePlace | undefined
  readonly message: string
  /** Where it differs from the rule's own. */
  readonly severity?: Severity | undefined
  readonly fix?: Proposal | undefined
}

/** A rule: one file that says what it finds, why that matters, and what can be done. */
export interface AuditRule {
  readonly name: string
  readonly severity: Severity
  /** What it finds, in one line. */
  readonly what: string
  /** Why that is worth a finding. */
  readonly why: string
  /** A case in numbers. */
  readonly example: string
  /** What to do about it. */
  readonly fix: string
  /** Whether `samepad fix` can do that, and whether the model computes the same afterwards. */
  readonly fixable: 'safe' | 'unsafe' | 'no'
  /** The framework in whose words a model's padding must be for the rule to speak of it; any where nothing is said. */
  readonly only?: string
  /** @internal What `audit` runs. */
  readonly check: (network: Network) => Iterable<RuleFinding>
}

/** The place of a layer. */
export function placeOf({
  spatial: { index, name, path, node },
}: NetworkLayer): NodePlace & { readonly index: number } {
  return { ...nodePlace(node, name, path), index }
}

/** The place of any node. */
export function nodePlace({ frame: { start, end }, line }: Node, name: string, path: string): NodePlace {
  return { index: undefined, name, path, byteOffset: start, byteLength: end - start, line }
}

import { auditLines } from '../../src/cli/audit-lines.ts'
import { plain } from '../../src/cli/style.ts'
import type { Audit, NodeReport } from '../../src/models.ts'

/** Where heading, column and JSON contradict each other. */
export function contradictions(found: Audit): string[] {
  const { nodes, votes, style } = found
  const count = (family: string): number => nodes.filter((node) => node.family === family).length
  const [same, symmetric] = [count('TensorFlow SAME'), count('PyTorch symmetric')]
  const styles = same > 0 ? (symmetric > 0 ? 'mixed' : 'tf-same') : symmetric > 0 ? 'symmetric' : 'either'
  const text = auditLines({ file: 'm', audit: found, accepted: [] }, { all: true, isOne: true }, plain)
    .join(' ')
    .replace(/\s+/g, ' ')
  const says = (words: string): boolean => text.includes(words)
  const heading = {
    mixed: says(`Padded in two ways: ${same} layer`) && says(`${symmetric} layer`),
    'tf-same': says(`Padded as TensorFlow SAME: ${same} layer`),
    symmetric: says(`Padded on both sides alike, as PyTorch does: ${symmetric} layer`),
    either: nodes.length === 0 || says('No layer of it tells TensorFlow SAME from symmetric padding'),
  }
  const atSome = nodes.filter(({ family }) => family === 'SAME at some sizes').length
  const law: Record<string, boolean> = {
    'votes are counted in the column': votes['tf-same'] === same && votes.symmetric === symmetric,
    'the style follows from the column': style === styles,
    'the heading has the numbers of the column': heading[styles],
    'a layer speaks for the family that its column names': nodes.every(
      ({ lean, family }) =>
        (lean === 'tf-same') === (family === 'TensorFlow SAME') &&
        (lean === 'symmetric') === (family === 'PyTorch symmetric'),
    ),
    'the column names a rule that the layer follows': nodes.every(isFollowed),
    'SAME at some sizes is said of open sizes alone': nodes.every(
      ({ family, axes, isSameAtSome }) =>
        isSameAtSome === (family === 'SAME at some sizes') &&
        (!isSameAtSome || axes.some(({ input }) => input === undefined)),
    ),
    'and the heading counts it':
      style !== 'either' ||
      atSome === 0 ||
      says(`${atSome} layer${atSome > 1 ? 's are' : ' is'} SAME at some sizes only`),
  }
  return Object.entries(law).flatMap(([name, holds]) => (holds ? [] : [name]))
}

function isFollowed({ family, follows }: NodeReport): boolean {
  const rules: Readonly<Record<string, string>> = {
    ...{ 'TensorFlow SAME': 'tf-same', 'PyTorch symmetric': 'symmetric', both: 'tf-same', 'no padding': 'none' },
    ...{ SAME_LOWER: 'same-lower', causal: 'causal' },
  }
  return !Object.hasOwn(rules, family) || (follows as readonly string[]).includes(rules[family])
}

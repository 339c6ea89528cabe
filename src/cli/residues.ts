import { type Comparison, isRejected, type Setting, solve } from '../geometry.ts'
import { does, later } from '../words/apart.ts'
import { grouped } from '../words/groups.ts'
import { table, wrap } from './table.ts'

/** Above so many residues those that are alike share a line. */
const MOST_ROWS = 12

/** For which inputs two settings agree, and how they lie to each other on the others, by residue of the input. */
export function residueLines(comparison: Comparison, one: Setting, two: Setting): string[] {
  const { residues, modulus, horizon, equal } = comparison
  if (equal || one.op !== two.op || one.kernel !== two.kernel) return []
  const rows = residues.map(({ residue, equal: same, phase, outputs }) => {
    const said = [String(residue), same ? 'equal' : 'different']
    const input = residue + modulus * (1 + Math.ceil(horizon / modulus))
    if ([one, two].some((setting) => isRejected(solve(setting, input)))) {
      return [...said, same ? 'both refuse' : 'one refuses', '']
    }
    // Where the strides differ the outputs drift apart with the size, and some padding grows with it.
    return [
      ...said,
      phase === undefined ? 'varies' : later(phase, 'cell') || 'from the same cell',
      outputs === undefined ? 'varying' : moreBy(outputs),
    ]
  })
  const head = [`input mod ${modulus}`, '', `the second ${does(one.op)}`, 'outputs of the second']
  const lines = rows.length <= MOST_ROWS ? table([head, ...rows], '><<<') : alike(rows, head)
  return ['', ...lines, `proved for every input above ${horizon}`]
}

/** Residues with the same answer on one line, which is wrapped. */
function alike(rows: readonly (readonly string[])[], [modulo, , second]: readonly string[]): string[] {
  return [...grouped(rows, ([, ...answer]) => answer.join('\n'))].flatMap(([, list]) => {
    const [[, verdict, moved, more]] = list
    const said = `${verdict}: ${more === '' ? moved : `${second} ${moved}, with ${more} outputs`}`
    return [...wrap(said), ...wrap(list.map(([residue]) => residue).join(', '), `  ${modulo}: `)]
  })
}

const moreBy = (outputs: number): string =>
  outputs === 0 ? 'as many' : `${Math.abs(outputs)} ${outputs > 0 ? 'more' : 'fewer'}`

import { fileError } from '../../bytes/file-error.ts'
import { Verbatim } from '../../geometry/error.ts'
import type { Span } from '../../network/model.ts'
import { deepest } from '../limits.ts'
import { modules } from './modules.ts'

/** A module as `print(model)` has it. */
export interface PrintedModule {
  /** Its name in its parent, `0-3` for several that are alike; empty for the whole model. */
  readonly name: string
  /** How often it stands there. */
  readonly count: number
  readonly type: string
  /** What stands between its brackets; undefined where other modules do, on lines of their own. */
  readonly text: string | undefined
  readonly children: readonly PrintedModule[]
  readonly place: Span
}

/** The deepest that modules lie within each other. */
const DEEPEST = deepest.print
/** The name of a module in its parent, how often it stands there, and what it is. */
const head = /^\s*(?:\(([^()\s]+)\): )?(?:(\d+) x )?([A-Za-z_][\w.]*)\((.*)$/s
/** Lines that a screen or a notebook broke one into. */
const MOST_BROKEN = 8

/**
 * The modules of a text, each with those within it. A line that was broken is put together again.
 *
 * @throws SamepadError where the arguments of a known module end before their bracket: what is cut off may be its padding
 */
export function printedModules(text: string): PrintedModule[] {
  const roots: PrintedModule[] = []
  const open: { readonly children: PrintedModule[] }[] = [{ children: roots }]
  const lines = text.split('\n')
  let at = 0
  for (let index = 0; index < lines.length; index++) {
    const begin = at
    let raw = lines[index]
    at += raw.length + 1
    for (let more = 0; more < MOST_BROKEN && isBroken(raw, lines[index + 1]); more++) {
      index++
      raw += lines[index].replace(/^\s*/, ' ')
      at += lines[index].length + 1
    }
    const [, name = '', times = '1', type = '', rest = ''] = head.exec(raw) ?? []
    if (type === '') {
      if (/^\s*\)\s*$/.test(raw) && open.length > 1) open.pop()
      continue
    }
    const isContainer = rest.trim() === ''
    const end = rest.lastIndexOf(')')
    if (!isContainer && Object.hasOwn(modules, type) && depthOf(rest) !== -1) {
      throw fileError(
        'print',
        `the arguments of ${type} must end with a bracket`,
        new Verbatim('a line that is cut'),
        begin,
      )
    }
    const children: PrintedModule[] = []
    const module = { name, count: Number(times), type, children, place: { begin, end: at - 1 } }
    open[open.length - 1].children.push({ ...module, text: isContainer ? undefined : rest.slice(0, Math.max(0, end)) })
    if (!isContainer) continue
    if (open.length > DEEPEST) throw fileError('print', `modules must lie at most ${DEEPEST} deep`, open.length)
    open.push({ children })
  }
  return roots
}

/** Whether a line breaks off within the arguments of a module and goes on in the next one. */
function isBroken(raw: string, next: string | undefined): boolean {
  const [, , , type, rest = ''] = head.exec(raw) ?? []
  if (next === undefined || type === undefined || rest.trim() === '' || head.test(next)) return false
  return depthOf(rest) >= 0 && !/^\s*\)\s*$/.test(next)
}

/** Brackets that are open at the end of a text, less those that close without one. */
function depthOf(text: string): number {
  let depth = 0
  for (const char of text) {
    if (char === '(') depth++
    else if (char === ')') depth--
  }
  return depth
}

/** One step of a pattern: a character that must come next, or the steps to go on with, all of them at once. */
type PatternStep = { readonly takes: (char: string) => boolean } | { readonly to: readonly number[] }

/** A pattern for paths, ready to be tried on many of them. */
export interface Pattern {
  /** Whether the whole path matches. Takes time in proportion to the path's length times the pattern's. */
  readonly matches: (path: string) => boolean
}

const any = (): boolean => true
const withinFolder = (char: string): boolean => char !== '/'
const isSlash = (char: string): boolean => char === '/'

/** What can be repeated or left out, by how it is written: `**` crosses folders, the others do not. */
const wildcards: readonly { readonly written: string; readonly steps: (at: number) => PatternStep[] }[] = [
  { written: '**/', steps: (at) => [{ to: [at + 1, at + 5] }, ...repeated(at + 1, any), { takes: isSlash }] },
  { written: '**', steps: (at) => repeated(at, any) },
  { written: '*', steps: (at) => repeated(at, withinFolder) },
  { written: '?', steps: () => [{ takes: withinFolder }] },
]

/** Three steps: any number of characters. */
function repeated(at: number, takes: (char: string) => boolean): PatternStep[] {
  return [{ to: [at + 1, at + 3] }, { takes }, { to: [at] }]
}

/**
 * Reads a pattern: `*` and `?` within a folder, `**` across folders, `{a,b}` for alternatives, which may hold patterns.
 * All ways to match are followed at the same time, so it never backtracks: no pattern takes exponential time.
 */
export function readPattern(text: string): Pattern {
  const steps: PatternStep[] = []
  appendPattern(text, steps)
  return { matches: (path) => matches(steps, path) }
}

/** Appends the steps of a pattern. */
function appendPattern(text: string, steps: PatternStep[]): void {
  for (let at = 0; at < text.length; ) {
    const group = text[at] === '{' ? alternativesAt(text, at) : undefined
    const wildcard = wildcards.find(({ written }) => text.startsWith(written, at))
    if (group) {
      appendAlternatives(group.parts, steps)
      at = group.end
    } else if (wildcard) {
      steps.push(...wildcard.steps(steps.length))
      at += wildcard.written.length
    } else {
      const literal = String.fromCodePoint(text.codePointAt(at) as number)
      at += literal.length
      steps.push({ takes: (char) => char === literal })
    }
  }
}

function appendAlternatives(parts: readonly string[], steps: PatternStep[]): void {
  const [begins, ends]: [number[], number[]] = [[], []]
  steps.push({ to: begins })
  for (const part of parts) {
    begins.push(steps.length)
    appendPattern(part, steps)
    ends.push(steps.push({ to: [] }) - 1)
  }
  for (const end of ends) steps[end] = { to: [steps.length] }
}

/** The parts of `{a,b}` that begins here, and where it ends; undefined where no brace closes it. */
function alternativesAt(text: string, begin: number): { parts: string[]; end: number } | undefined {
  const parts: string[] = []
  let [depth, from] = [0, begin + 1]
  for (let at = begin; at < text.length; at++) {
    if (text[at] === '{') depth++
    else if (text[at] === '}') depth--
    const isEnd = depth === 0
    if (isEnd || (depth === 1 && text[at] === ',')) {
      parts.push(text.slice(from, at))
      from = at + 1
    }
    if (isEnd) return { parts, end: at + 1 }
  }
  return undefined
}

function matches(steps: readonly PatternStep[], path: string): boolean {
  let reached = reachedFrom(steps, [0])
  for (const char of path) {
    const next: number[] = []
    for (const at of reached) {
      const step = steps[at]
      if (step && 'takes' in step && step.takes(char)) next.push(at + 1)
    }
    if (next.length === 0) return false
    reached = reachedFrom(steps, next)
  }
  return reached.has(steps.length)
}

/** The steps that are reached without taking a character. */
function reachedFrom(steps: readonly PatternStep[], begins: readonly number[]): Set<number> {
  const reached = new Set(begins)
  // A set goes on to what is added to it while it is looked through.
  for (const at of reached) {
    const step = steps[at]
    if (step && 'to' in step) for (const next of step.to) reached.add(next)
  }
  return reached
}

/** A value of an argument: a number, text that is code already, or a list of them. */
export type CodeValue = number | string | readonly CodeValue[]

/** How a programming language writes the few things that a layer needs. */
export interface Language {
  readonly value: (value: CodeValue) => string
  readonly comment: (text: string) => string
  /** A name of its own; parameters are assigned to, not declared. */
  readonly declare: (name: string, value: string) => string
  /** A function with the lines of its body. */
  readonly define: (name: string, parameters: readonly string[], body: readonly string[]) => string[]
}

const indented = (lines: readonly string[], by: string): string[] => lines.map((line) => (line ? by + line : line))

/** Python. Lists are tuples, since JAX hashes its arguments. */
export const python: Language = {
  value: (value) => {
    if (typeof value !== 'object') return String(value)
    return value.length === 1 ? `(${python.value(value[0])},)` : `(${value.map(python.value).join(', ')})`
  },
  comment: (text) => `# ${text}`,
  declare: (name, value) => `${name} = ${value}`,
  define: (name, parameters, body) => {
    const written = parameters.map((parameter) => (parameter === 'bias' ? 'bias=None' : parameter))
    return [`def ${name}(${written.join(', ')}):`, ...indented(body, '    ')]
  },
}

/** JavaScript. */
export const javascript: Language = {
  value: (value) => (typeof value === 'object' ? `[${value.map(javascript.value).join(', ')}]` : String(value)),
  comment: (text) => `// ${text}`,
  declare: (name, value) => `const ${name} = ${value}`,
  define: (name, parameters, body) => [`function ${name}(${parameters.join(', ')}) {`, ...indented(body, '  '), '}'],
}

/** A call in Python; named arguments that are undefined are left out. */
export function pythonCall(
  name: string,
  positional: readonly CodeValue[],
  named: Readonly<Record<string, CodeValue | undefined>> = {},
): string {
  const given = Object.entries(named).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}=${python.value(value)}`],
  )
  return `${name}(${[...positional.map(python.value), ...given].join(', ')})`
}

/** An object in JavaScript; members that are undefined are left out, those named as their value are written once. */
export function javascriptObject(members: Readonly<Record<string, CodeValue | undefined>>): string {
  const given = Object.entries(members).flatMap(([key, value]) => {
    if (value === undefined) return []
    return [key === value ? key : `${key}: ${javascript.value(value)}`]
  })
  return given.length ? `{ ${given.join(', ')} }` : '{}'
}

/** A number where all axes agree, as people write it, else the list. */
export function concise(values: readonly number[]): CodeValue {
  return values.every((value) => value === values[0]) ? values[0] : values
}

/** The list, or undefined where it says nothing but the default. */
export function unless(usual: number, values: readonly number[]): readonly number[] | undefined {
  return values.every((value) => value === usual) ? undefined : values
}

/** `concise(values)`, or undefined where it says nothing but the default. */
export function conciseUnless(usual: number, values: readonly number[]): CodeValue | undefined {
  return unless(usual, values) && concise(values)
}

/** Lines that end with `x = ...`, ended with `return ...`. */
export function returning(lines: readonly string[]): string[] {
  return [...lines.slice(0, -1), lines[lines.length - 1].replace(/^x = /, 'return ')]
}

/** Lines as a file. */
export function joined(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`
}

import { ByteWriter } from './bytes.ts'
import { type Callee, Code, typeCodes } from './code.ts'
import type { ValueType } from './instructions.ts'

/** What modules begin with. */
export const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00]
const FUNCTION_TYPE = 0x60
const sections = { type: 1, import: 2, function: 3, export: 7, code: 10 } as const
/** Limits of the memory that is imported: from no page on. */
export const ANY_MEMORY = [0x00, 0x00]

interface Definition extends Callee {
  readonly exported: string | undefined
  readonly code: Code
}

/** A module while it is put together: functions over one memory, which is imported as `env.memory`. */
export class Module {
  readonly #definitions: Definition[] = []

  /**
   * Adds a function.
   *
   * @param exported the name under which the module exports it, or undefined for one of its own
   * @param write emits the body
   * @returns what `Code.call` takes
   */
  function(
    exported: string | undefined,
    takes: readonly ValueType[],
    gives: readonly ValueType[],
    write: (code: Code) => void,
  ): Callee {
    const code = new Code(takes)
    write(code)
    const definition = { exported, takes, gives, code, index: this.#definitions.length }
    this.#definitions.push(definition)
    return definition
  }

  /** The module in the binary format. */
  encode(): Uint8Array<ArrayBuffer> {
    const definitions = this.#definitions
    const bytes = new ByteWriter().raw(HEADER)
    const section = (id: number, write: (content: ByteWriter) => void): void => {
      const content = new ByteWriter()
      write(content)
      bytes.byte(id).sized(content.take())
    }
    section(sections.type, (content) =>
      content.list(definitions, ({ takes, gives }) => {
        content.byte(FUNCTION_TYPE)
        for (const list of [takes, gives]) content.list(list, (type) => content.byte(typeCodes[type]))
      }),
    )
    section(sections.import, (content) =>
      content
        .unsigned(1)
        .name('env')
        .name('memory')
        .raw([0x02, ...ANY_MEMORY]),
    )
    section(sections.function, (content) => content.list(definitions, ({ index }) => content.unsigned(index)))
    section(sections.export, (content) =>
      content.list(
        definitions.filter(({ exported }) => exported !== undefined),
        ({ exported = '', index }) => content.name(exported).byte(0x00).unsigned(index),
      ),
    )
    section(sections.code, (content) => content.list(definitions, ({ code }) => content.sized(code.finish())))
    return bytes.take()
  }
}

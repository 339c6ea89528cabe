import { type Op, SamepadError } from '../geometry/index.ts'
import type { Convention } from './convention.ts'
import type { Formulas } from './onnx-formulas.ts'
import type { FrameworkRow } from './rows/framework.ts'
import { includes } from './versions.ts'

/** Conventions by which settings are solved: those of all frameworks, or of one, so that nobody ships more than is used. */
export class Rulebook {
  readonly conventions: readonly Convention[]
  readonly frameworks: Readonly<Record<string, FrameworkRow>>
  readonly formulas: Formulas
  readonly #byId: ReadonlyMap<string, Convention>

  /** @param formulas that the conventions name */
  constructor(
    conventions: readonly Convention[],
    frameworks: Readonly<Record<string, FrameworkRow>>,
    formulas: Formulas,
  ) {
    this.conventions = conventions
    this.frameworks = frameworks
    this.formulas = formulas
    this.#byId = new Map(conventions.map((convention) => [convention.id, convention]))
  }

  /**
   * The convention of an id.
   *
   * @throws SamepadError where there is none
   */
  readonly of = (id: string): Convention => {
    const convention = this.#byId.get(id)
    if (!convention) throw new SamepadError('conventions', 'the convention must be one of the known ids', id)
    return convention
  }

  /**
   * The convention that a framework follows for an operation and a word for padding.
   *
   * @param version of the framework; without one, the newest behaviour is meant
   */
  find(framework: string, op: Op, padding: string, version?: string): Convention | undefined {
    const word = padding.toLowerCase().replaceAll('_', '-')
    const candidates = this.conventions.filter(
      (one) => one.framework === framework && one.ops.includes(op) && one.padding === word,
    )
    // A row for certain versions says more than one for all of them.
    const applying = candidates.filter(({ versions }) => includes(versions, version))
    return applying.find(({ versions }) => versions !== undefined) ?? applying[0]
  }
}

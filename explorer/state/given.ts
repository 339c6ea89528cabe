/** Something that the reader gave to the page, from anywhere on it: it is in no link, and goes nowhere. */
export interface Given<T> {
  readonly get: () => T
  readonly give: (value: T) => void
  /** Is told whenever something else is given; returns what ends that. */
  readonly follow: (listener: () => void) => () => void
}

export function given<T>(initial: T): Given<T> {
  let value = initial
  const listeners = new Set<() => void>()
  return {
    get: () => value,
    give: (next) => {
      value = next
      for (const tell of listeners) tell()
    },
    follow: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}

/** One model, or two that are compared. */
export const ownModels = given<readonly File[]>([])

/** The names of classes in the order of a network's output, and the file that has them. */
export interface ClassNames {
  readonly file: string
  readonly names: readonly string[]
}

export const ownClasses = given<ClassNames | undefined>(undefined)

export const ownPhoto = given<File | undefined>(undefined)

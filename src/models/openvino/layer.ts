import type { XmlElement } from '../../bytes/xml.ts'
import type { Shape } from '../../network/model.ts'
import { openSize } from '../builder.ts'
import type { AddOperator, FileOperator } from '../file-operator.ts'

/** A layer of a file, with the values that flow into it and out of it by their names. */
export interface OpenvinoLayer extends FileOperator {
  /** The shapes that the file says of its ports. */
  readonly inputShapes: readonly (Shape | undefined)[]
  readonly outputShapes: readonly (Shape | undefined)[]
  /** Attributes of its `<data>`. */
  data(name: string): string | undefined
  /** Numbers of a list, `1,1` or `1, 1`; undefined where it is left out. */
  numbers(name: string): number[] | undefined
}

export type AddOpenvinoLayer = AddOperator<OpenvinoLayer>

/** The children of an element with a name. */
export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? []

/** A port's number and shape. Open sizes are -1 or a range. */
export interface Port {
  readonly id: string
  /** Undefined where not even the rank is said: that of one number looks the same, and is none that matters here. */
  readonly shape: Shape | undefined
}

export function portsOf(layer: XmlElement, side: 'input' | 'output'): Port[] {
  return childrenOf(childrenOf(layer, side)[0], 'port').map((port) => ({
    id: port.attributes.get('id')?.value ?? '',
    shape: shapeOf(port),
  }))
}

function shapeOf(port: XmlElement): Shape | undefined {
  const dims = childrenOf(port, 'dim')
  if (dims.length === 0) return undefined
  return dims.map(({ text }) => (/^\s*\d+\s*$/.test(text) ? openSize(Number(text)) : undefined))
}

/** Numbers of a list; undefined where one is none. */
export function listOf(text: string | undefined): number[] | undefined {
  if (text === undefined || text.trim() === '') return undefined
  const numbers = text.split(',').map(Number)
  return numbers.every(Number.isSafeInteger) ? numbers : undefined
}

import type { RawTable } from '../../bytes/flatbuffer.ts'
import type { Edit, Model, Node, Refused, Rewrite, Span } from '../../network/model.ts'
import { padRefused, type WithPad, withPad } from '../pad-in-front.ts'
import { paddings } from './schema.ts'

/** The options of an operator: where its padding lies, and what a new table is made of. */
export interface OptionsPlace {
  /** Where the operator has the offset of the table. */
  readonly field: number
  /** Where the byte of the padding lies; undefined where it is left out, as SAME is. */
  readonly padding: number | undefined
  /** What it is. */
  readonly value: number
  readonly table: {
    /** As it lies in the file; undefined where it is larger than options are. */
    readonly raw: RawTable | undefined
    /** How many operators have it. */
    readonly users: number
  }
}

/** A PAD: where its amounts lie, and the sizes of what it makes. */
export interface PadPlace {
  /** Rows [begin, end] for each axis, and the bytes of a number. */
  readonly amounts: Span
  readonly width: number
  /** The vectors of its output's shape; a size of -1 is open. */
  readonly shapes: readonly { readonly place: Span; readonly sizes: readonly number[] }[]
  /** Whether something else reads the same bytes. */
  readonly isShared: boolean
}

/** What of a file can be written otherwise. */
export interface TflitePlaces {
  /** The options of each operator that slides a window, by the place of its table. */
  readonly options: ReadonlyMap<number, OptionsPlace>
  /** The PAD operators, by theirs. */
  readonly pads: ReadonlyMap<number, PadPlace>
}

/** What is known of a file beside its operators. */
export interface FileEnd {
  readonly size: number
  /** Whether an archive of labels stands behind the tables. */
  readonly isArchive: boolean
}

/** The largest place that an offset of FlatBuffers reaches. */
const LARGEST = 2 ** 31 - 2 ** 16
const [SAME, VALID] = [paddings.indexOf('same'), paddings.indexOf('valid')]

/** New tables: which field leads there, and where in the bytes the table begins. */
type NewTables = Map<Edit, { readonly field: number; readonly begin: number }>

/**
 * SAME and VALID are one byte of an operator's options. Where it is left out, a table that has it is put at the end of the
 * file, and the operator's offset leads there: tables of FlatBuffers may lie anywhere behind what points to them. A PAD in
 * front of a window gets other amounts in their place, where nothing else reads them.
 */
export function respellTflite(
  { options, pads }: TflitePlaces,
  file: FileEnd,
): Required<Pick<Model, 'respell' | 'following'>> {
  const made: NewTables = new Map()
  const window = (node: Node, rewrite: Rewrite): readonly Edit[] | Refused => {
    const value = paddingOf(rewrite)
    return typeof value === 'number' ? optionsEdits(options.get(node.frame.begin), value, file, made) : value
  }
  return {
    respell({ node }, rewrite) {
      if (rewrite.inFront) return padRefused(rewrite)
      if (!rewrite.folded) return window(node, rewrite)
      const parts = withPad(rewrite)
      if ('refused' in parts) return parts
      const [own, pad] = [window(node, parts.window), padEdits(pads.get(parts.node.frame.begin), parts)]
      return 'refused' in own ? own : 'refused' in pad ? pad : [...pad, ...own]
    },
    following(edits) {
      let end = file.size
      return edits.flatMap((edit) => {
        const found = made.get(edit)
        if (!found) return []
        const bytes = new Uint8Array(4)
        new DataView(bytes.buffer).setUint32(0, end + found.begin - found.field, true)
        end += edit.bytes.length
        return [{ begin: found.field, end: found.field + 4, bytes }]
      })
    },
  }
}

/** Another padding of an operator: its byte, or a table at the end of the file. */
function optionsEdits(
  place: OptionsPlace | undefined,
  value: number,
  { size, isArchive }: FileEnd,
  made: NewTables,
): readonly Edit[] | Refused {
  if (!place) return { refused: 'it has no options that could say it' }
  const { field, padding, table } = place
  if (place.value === value) return []
  const { raw, users } = table
  if (padding !== undefined && users === 1) return [{ begin: padding, end: padding + 1, bytes: Uint8Array.of(value) }]
  if (!raw) return { refused: 'its options are not as they should be' }
  if (isArchive) return { refused: 'a new table would stand behind the archive of labels at the end of the file' }
  if (size > LARGEST) return { refused: 'the file is too large for a table at its end' }
  const { bytes, begin } = tableOf(raw, value, size)
  const edit = { begin: size, end: size, bytes }
  made.set(edit, { field, begin })
  return [edit]
}

/** Other amounts of a PAD, and the sizes that follow from them. */
function padEdits(place: PadPlace | undefined, { pads, before }: WithPad): readonly Edit[] | Refused {
  const numbers = pads.flat()
  if (numbers.join() === before.flat().join()) return []
  if (!place) return { refused: 'the amounts of the PAD before it are not written in the file' }
  const { amounts, width, shapes, isShared } = place
  if (isShared) return { refused: 'others read the amounts of the PAD before it, or its shape, too' }
  const grown = pads.map(([begin, end], axis) => begin + end - before[axis][0] - before[axis][1])
  return [
    // The rows of the batch and of the channels, which come first and last, stay.
    integersAt(amounts.begin + 2 * width, numbers, width),
    ...shapes.map(({ place, sizes }) =>
      integersAt(
        place.begin + 4,
        grown.map((cells, axis) => (sizes[axis + 1] > 0 ? sizes[axis + 1] + cells : sizes[axis + 1])),
        4,
      ),
    ),
  ]
}

/** Integers of so many bytes in the place of others. */
function integersAt(begin: number, numbers: readonly number[], width: number): Edit {
  const bytes = new Uint8Array(width * numbers.length)
  const view = new DataView(bytes.buffer)
  numbers.forEach((number, index) => {
    if (width === 8) view.setBigInt64(width * index, BigInt(number), true)
    else view.setInt32(width * index, number, true)
  })
  return { begin, end: begin + bytes.length, bytes }
}

/** The byte of a padding, or why there is none. */
function paddingOf({ padding, word, outputPadding }: Rewrite): number | Refused {
  if (outputPadding?.some((cells) => cells !== 0))
    return { refused: 'TFLite says cells at the end by the output shape' }
  if (padding === 'SAME_UPPER') return SAME
  if (typeof padding !== 'string' && padding.every((pair) => Math.max(...pair) === 0)) return VALID
  return word === 'SAME_UPPER' ? SAME : { refused: 'TFLite pads SAME or VALID alone; numbers are a PAD in front' }
}

/** A table like another one that has a padding, behind the table of its fields; both begin at multiples of 4. */
function tableOf({ fields, object }: RawTable, padding: number, at: number): { bytes: Uint8Array; begin: number } {
  const slots = [...fields]
  const size = Math.max(4, object.length)
  slots[0] = size
  const lead = (4 - (at % 4)) % 4
  const begin = lead + 4 * Math.ceil((4 + 2 * slots.length) / 4)
  const length = begin + 4 * Math.ceil((size + 1) / 4)
  const bytes = new Uint8Array(length + ((4 - lead) % 4))
  const view = new DataView(bytes.buffer)
  view.setUint16(lead, 4 + 2 * slots.length, true)
  view.setUint16(lead + 2, size + 1, true)
  slots.forEach((offset, slot) => {
    view.setUint16(lead + 4 + 2 * slot, offset, true)
  })
  bytes.set(object, begin)
  view.setInt32(begin, begin - lead, true)
  bytes[begin + size] = padding
  return { bytes, begin }
}

import type { RawTable } from '../../bytes/flatbuffer.ts'
import type { Edit, Model, Refused, Rewrite } from '../../network/model.ts'
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

/** What is known of a file beside its operators. */
export interface FileEnd {
  readonly size: number
  /** Whether an archive of labels stands behind the tables. */
  readonly isArchive: boolean
}

/** The largest place that an offset of FlatBuffers reaches. */
const LARGEST = 2 ** 31 - 2 ** 16
const [SAME, VALID] = [paddings.indexOf('same'), paddings.indexOf('valid')]

/**
 * SAME and VALID are one byte of an operator's options. Where it is left out, a table that has it is put at the end of the
 * file, and the operator's offset leads there: tables of FlatBuffers may lie anywhere behind what points to them.
 *
 * @param options of each operator that slides a window, by the place of its table
 */
export function respellTflite(
  options: ReadonlyMap<number, OptionsPlace>,
  file: FileEnd,
): Required<Pick<Model, 'respell' | 'following'>> {
  /** New tables: which field leads there, and where in the bytes the table begins. */
  const made = new Map<Edit, { readonly field: number; readonly begin: number }>()
  return {
    respell({ node }, rewrite) {
      const value = paddingOf(rewrite)
      if (typeof value !== 'number') return value
      const place = options.get(node.frame.begin)
      if (!place) return { refused: 'it has no options that could say it' }
      const { field, padding, table } = place
      if (place.value === value) return []
      const { raw, users } = table
      if (padding !== undefined && users === 1)
        return [{ begin: padding, end: padding + 1, bytes: Uint8Array.of(value) }]
      if (!raw) return { refused: 'its options are not as they should be' }
      if (file.isArchive)
        return { refused: 'a new table would stand behind the archive of labels at the end of the file' }
      if (file.size > LARGEST) return { refused: 'the file is too large for a table at its end' }
      const { bytes, begin } = tableOf(raw, value, file.size)
      const edit = { begin: file.size, end: file.size, bytes }
      made.set(edit, { field, begin })
      return [edit]
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

/** The byte of a padding, or why there is none. */
function paddingOf({ padding, word, outputPadding, folded, inFront }: Rewrite): number | Refused {
  if (inFront) return { refused: 'a PAD in front is an operator of its own, which is not put in here' }
  if (folded) return { refused: 'the PAD in front is an operator of its own, which is not taken out here' }
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

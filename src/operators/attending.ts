import { alike } from './elementwise.ts'
import { type Dimension, type Fact, fact } from './fact.ts'
import type { Infer, Operator } from './operator.ts'
import { anySign } from './sign.ts'

// Operators in which every position of a sequence looks at others.

/** What remains of packed heads: width times the heads of the query by those of the values. */
function packed(width: Dimension, queries: number | undefined, heads: number | undefined): Dimension {
  return typeof width === 'number' && queries && heads ? (width * queries) / heads : undefined
}

/** [batch, heads, length, width], or packed [batch, length, heads * width]. */
const attention: Infer = (call) => {
  const [query, key, value] = call.inputs
  if (!query?.shape || !value?.shape) return []
  const [queryHeads, heads] = [call.int('q_num_heads'), call.int('kv_num_heads')]
  const isPacked = query.shape.length === 3
  const width = isPacked ? packed(value.shape[2], queryHeads, heads) : value.shape.at(-1)
  const output = fact([...query.shape.slice(0, -1), width], query.elementType)
  const present = (one: Fact | undefined): Fact | undefined => {
    if (!one?.shape) return undefined
    const [batch] = one.shape
    const each = isPacked ? packed(one.shape[2], 1, heads) : one.shape[3]
    const length = call.has(4) ? undefined : one.shape.at(-2)
    return fact([batch, isPacked ? heads : one.shape[1], length, each], one.elementType)
  }
  return [output, present(key), present(value)]
}

/** Always packed; the state is [batch, heads, width of keys, width of values]. */
const linearAttention: Infer = (call) => {
  const [query, key, value] = call.inputs
  if (!query?.shape || !value?.shape) return []
  const [queryHeads, heads] = [call.int('q_num_heads'), call.int('kv_num_heads')]
  const output = fact([...query.shape.slice(0, 2), packed(value.shape[2], queryHeads, heads)], query.elementType)
  const widths = [packed(key?.shape?.[2], 1, heads), packed(value.shape[2], 1, heads)]
  return [output, fact([query.shape[0], heads, ...widths])]
}

/** Rows of operators of attention. */
export const attending: readonly Operator[] = [
  { name: 'Attention', domains: [''], infer: attention, cells: 'mix', sign: anySign },
  { name: 'LinearAttention', infer: linearAttention, cells: 'mix', sign: anySign },
  { name: 'RotaryEmbedding', domains: [''], infer: alike, cells: 'mix', sign: anySign },
]

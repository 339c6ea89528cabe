import { activations } from './activations.ts'
import { arithmetic } from './arithmetic.ts'
import { attending } from './attending.ts'
import { detecting } from './detecting.ts'
import { elementwise } from './elementwise.ts'
import { joining } from './joining.ts'
import { making } from './making.ts'
import { multiplying } from './multiplying.ts'
import { nesting } from './nesting.ts'
import { normalizing } from './normalizing.ts'
import type { Domain, Operator } from './operator.ts'
import { picking } from './picking.ts'
import { quantizing } from './quantizing.ts'
import { recurrent } from './recurrent.ts'
import { reducing } from './reducing.ts'
import { reshaping } from './reshaping.ts'
import { resizing } from './resizing.ts'
import { sampling } from './sampling.ts'
import { signal } from './signal.ts'
import { windows } from './windows.ts'

/** Every operator that is known, one row each. */
export const operators: readonly Operator[] = [
  ...[...windows, ...elementwise, ...activations, ...arithmetic, ...normalizing, ...quantizing],
  ...[...reshaping, ...joining, ...picking, ...reducing, ...multiplying, ...recurrent],
  ...[...resizing, ...sampling, ...signal, ...attending, ...detecting, ...making, ...nesting],
]

/** Where a row says nothing else: whatever fuses or quantises ONNX's operators uses their names for the same. */
const usual: readonly Domain[] = ['', 'com.microsoft']

const keyOf = (domain: string, name: string): string => `${domain}\0${name}`

const byName: ReadonlyMap<string, Operator> = new Map(
  operators.flatMap((one) => (one.domains ?? usual).map((domain) => [keyOf(domain, one.name), one])),
)

/** The row of a node's operator; undefined where nothing is known of it. */
export function operatorOf({
  domain,
  opType,
}: {
  readonly domain: string
  readonly opType: string
}): Operator | undefined {
  return byName.get(keyOf(domain, opType))
}

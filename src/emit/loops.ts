import { LANES } from '../plan/plan.ts'
import type { Code, Local } from '../wasm/code.ts'
import type { Quantity } from './size-numbers.ts'

/** New variables of type i32 under these names. */
export function variables<Name extends string>(code: Code, ...names: readonly Name[]): Readonly<Record<Name, Local>> {
  return Object.fromEntries(names.map((name) => [name, code.local('i32')])) as Record<Name, Local>
}

/** New variables of type i32. */
export function integers(code: Code, count: number): Local[] {
  return Array.from({ length: count }, () => code.local('i32'))
}

/** New variables that hold vectors. */
export function vectors(code: Code, count: number): Local[] {
  return Array.from({ length: count }, () => code.local('v128'))
}

/** A new vector with what an instruction loads, so many bytes behind an address. */
export function loaded(code: Code, at: Local, place: number, name: LoadName = 'v128.load'): Local {
  const vector = code.local('v128')
  code.load(vector, at, place, name)
  return vector
}

/** Instructions that load a vector: four floats, or two or one of them repeated. */
export type LoadName = 'v128.load' | 'v128.load64_splat' | 'v128.load32_splat'

/** A variable of a list that grows as it is asked for more. */
export function local(code: Code, list: Local[], index: number): Local {
  list[index] ??= code.local('v128')
  return list[index]
}

/** Pushes a quantity. */
export function push(code: Code, quantity: Quantity): Code {
  return typeof quantity === 'number' ? code.emit('i32.const', quantity) : code.get(quantity)
}

/** Adds a quantity to a variable; adding nothing takes no instruction. */
export function advance(code: Code, local: Local, by: Quantity): void {
  if (by !== 0) push(code.get(local), by).emit('i32.add').set(local)
}

/** Sets a variable to another one plus a quantity. */
export function setSum(code: Code, target: Local, source: Local, by: Quantity): void {
  code.get(source)
  if (by !== 0) push(code, by).emit('i32.add')
  code.set(target)
}

/** Adds a variable times a quantity to another one. */
export function addProduct(code: Code, local: Local, value: Local, by: Quantity): void {
  push(code.get(local).get(value), by).emit('i32.mul').emit('i32.add').set(local)
}

/** Bytes by which addresses move. */
export type Bytes<Name extends string> = Readonly<Partial<Record<Name, Quantity>>>

/** Addresses so many bytes behind others; those that do not move are the same variables. */
export function shifted<Name extends string>(
  code: Code,
  from: Readonly<Record<Name, Local>>,
  bytes: Bytes<NoInfer<Name>>,
): Readonly<Record<Name, Local>> {
  const at: Record<Name, Local> = { ...from }
  for (const name of Object.keys(bytes) as Name[]) {
    if (!bytes[name]) continue
    at[name] = code.local('i32')
    setSum(code, at[name], from[name], bytes[name])
  }
  return at
}

/** Runs a body as often as a number says, or a variable that is not zero, with addresses that move on each time. */
export function walk<Name extends string>(
  code: Code,
  count: Quantity,
  from: Readonly<Record<Name, Local>>,
  bytes: Bytes<NoInfer<Name>>,
  body: (at: Readonly<Record<Name, Local>>) => void,
): void {
  if (count === 1) body(from)
  if (count === 0 || count === 1) return
  const moving = (Object.keys(bytes) as Name[]).filter((name) => bytes[name])
  const at = { ...from, ...variables(code, ...moving) }
  for (const name of moving) code.get(from[name]).set(at[name])
  const left = code.local('i32')
  countDown(push(code, count).set(left), left, () => {
    body(at)
    for (const name of moving) advance(code, at[name], bytes[name] as Quantity)
  })
}

/** The same, which gives the addresses behind the last time. */
export function walked<Name extends string>(
  code: Code,
  count: Quantity,
  from: Readonly<Record<Name, Local>>,
  bytes: Bytes<NoInfer<Name>>,
  body: (at: Readonly<Record<Name, Local>>) => void,
): Readonly<Record<Name, Local>> {
  let last = from
  walk(code, count, from, bytes, (at) => {
    last = at
    body(at)
  })
  return count === 1 ? shifted(code, from, bytes) : last
}

/** Runs a body as often as a number says, or a variable that is not zero. */
export function repeat(code: Code, count: Quantity, body: () => void): void {
  walk(code, count, {}, {}, body)
}

/** Runs a body as often as a variable says, at least once, counting it down to zero. */
export function countDown(code: Code, left: Local, body: () => void): void {
  code.loop((again) => {
    body()
    code.get(left).emit('i32.const', 1).emit('i32.sub').tee(left).branchIf(again)
  })
}

/** Runs a body as often as the number on the stack says. */
export function times(code: Code, body: () => void): void {
  const left = code.local('i32')
  code.tee(left).if(() => countDown(code, left, body))
}

/** Takes elements as vectors, so many abreast as often as a size has them, then as single vectors, then one by one. */
export function vectorsOf(
  code: Code,
  size: Local,
  abreast: number,
  body: (count: number, lanes: number) => void,
): void {
  const part = (elements: number, most?: number): Code => {
    code.get(size).emit('i32.const', Math.log2(elements)).emit('i32.shr_u')
    return most === undefined ? code : code.emit('i32.const', most).emit('i32.and')
  }
  times(part(abreast * LANES), () => body(abreast, LANES))
  if (abreast > 1) times(part(LANES, abreast - 1), () => body(1, LANES))
  times(part(1, LANES - 1), () => body(1, 1))
}

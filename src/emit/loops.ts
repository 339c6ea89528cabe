import type { Code, Local } from '../wasm/code.ts'

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

/** A variable of a list that grows as it is asked for more. */
export function local(code: Code, list: Local[], index: number): Local {
  list[index] ??= code.local('v128')
  return list[index]
}

/** Adds a constant to a variable; adding nothing takes no instruction. */
export function advance(code: Code, local: Local, by: number): void {
  if (by !== 0) code.get(local).emit('i32.const', by).emit('i32.add').set(local)
}

/** Sets a variable to another one plus a constant. */
export function setSum(code: Code, target: Local, source: Local, by: number): void {
  code.get(source)
  if (by !== 0) code.emit('i32.const', by).emit('i32.add')
  code.set(target)
}

/** Adds a variable times a number to another one. */
export function addProduct(code: Code, local: Local, value: Local, by: number): void {
  code.get(local).get(value).emit('i32.const', by).emit('i32.mul').emit('i32.add').set(local)
}

/** Bytes by which addresses move. */
export type Bytes<Name extends string> = Readonly<Partial<Record<Name, number>>>

/** So many times as many bytes. */
export function scaled<Name extends string>(bytes: Bytes<Name>, by: number): Bytes<Name> {
  return Object.fromEntries(
    Object.entries<number>(bytes as Record<string, number>).map(([name, value]) => [name, value * by]),
  ) as Bytes<Name>
}

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
  count: number | Local,
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
  if (typeof count === 'number') code.emit('i32.const', count)
  else code.get(count)
  countDown(code.set(left), left, () => {
    body(at)
    for (const name of moving) advance(code, at[name], bytes[name] as number)
  })
}

/** Runs a body as often as a number says, or a variable that is not zero. */
export function repeat(code: Code, count: number | Local, body: () => void): void {
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

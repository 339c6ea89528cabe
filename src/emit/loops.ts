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

/** Sets each variable to the one of the same name. */
export function copy<Name extends string>(
  code: Code,
  targets: Readonly<Record<Name, Local>>,
  sources: Readonly<Record<NoInfer<Name>, Local>>,
): void {
  for (const name of Object.keys(targets) as Name[]) code.get(sources[name]).set(targets[name])
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

/** Runs a body a fixed number of times; once needs no loop. */
export function repeat(code: Code, times: number, body: () => void): void {
  if (times === 1) body()
  if (times <= 1) return
  const left = code.local('i32')
  code.emit('i32.const', times).set(left)
  countDown(code, left, body)
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

import type { CommonPlan } from '../../src/plan/plan.ts'
import type { Amount } from '../../src/plan/tables.ts'

/** What a program finds in the tables of a plan. */
export function readTables({ structure, tables }: CommonPlan): {
  /** An amount of the structure as a number. */
  readonly number: (amount: Amount) => number
  /** Some entries of a list, by the names of their fields. */
  readonly entries: <Name extends string>(
    list: Amount,
    count: number,
    fields: readonly Name[],
    step?: number,
  ) => Record<Name, number>[]
} {
  const number = (amount: Amount): number => {
    if (typeof amount === 'number') return amount
    const place = structure.numbers.indexOf(amount)
    if (place < 0) throw new Error(`the structure must name '${amount}'`)
    return tables[place]
  }
  return {
    number,
    entries: (list, count, fields, step = fields.length * 4) =>
      Array.from({ length: count }, (_, index) => {
        const at = (number(list) + index * step) / 4
        return Object.fromEntries(fields.map((name, place) => [name, tables[at + place]])) as never
      }),
  }
}

/** Every combination of an entry of each list, summed. */
export function sums(...lists: readonly (readonly number[])[]): number[] {
  return lists.reduce<number[]>((all, list) => all.flatMap((sum) => list.map((entry) => sum + entry)), [0])
}

/** So many numbers, a step apart, from zero on. */
export function times(count: number, step: number): number[] {
  return Array.from({ length: count }, (_, index) => index * step)
}

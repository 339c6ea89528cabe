import { isObject, type Pickled, type PickledObject } from '../../bytes/pickle.ts'

/** The sizes of a tensor as it is pickled: the third argument of what rebuilds it. */
export function tensorSizes(value: Pickled | undefined): readonly number[] | undefined {
  if (!isObject(value) || !/_rebuild_/.test(value.className) || !Array.isArray(value.arguments)) return undefined
  const [inner, , sizes] = value.arguments
  if (/parameter/.test(value.className)) return tensorSizes(inner)
  return Array.isArray(sizes) && sizes.every((size) => typeof size === 'number') ? (sizes as number[]) : undefined
}

/** An attribute of a module as it is pickled. */
export function attributeOf({ state }: PickledObject, name: string): Pickled | undefined {
  return state instanceof Map ? state.get(name) : undefined
}

import { isSameShape } from '../../../run/memory/result.ts'
import { denseSteps } from '../../../tensor/dense.ts'
import { type GraphValue, sizeOf } from '../operation.ts'
import type { Site } from '../site.ts'
import type { RunRow } from './row.ts'

// Operators that read or write elements at places that are given, constants or computed.

/** A function that checks a place along so many cells, counted from the end where it is below zero. */
export function placeIn(site: Site, size: number): (place: number) => number {
  return (place) => {
    if (place >= -size && place < size) return Math.trunc(place < 0 ? place + size : place)
    throw site.refusal(`must take places below ${size}`, place)
  }
}

/** Of elements of a shape in their order, where they lie in another shape when their place along an axis is left out. */
function besideAxis(shape: readonly number[], within: readonly number[], axis: number): (at: number) => number {
  const [from, to] = [denseSteps(shape), denseSteps(within)]
  return (at) => {
    let begin = 0
    for (let other = 0; other < shape.length; other++) {
      if (other !== axis) begin += (Math.floor(at / from[other]) % shape[other]) * to[other]
    }
    return begin
  }
}

/** Shapes that must be one. */
function checkShape(site: Site, what: string, shape: readonly number[], wanted: readonly number[]): void {
  if (!isSameShape(shape, wanted)) throw site.refusal(`must have ${what} of shape [${wanted}]`, [...shape])
}

/** Along an axis: the element of each place in a list, or the place that each element goes to. */
function alongAxis(site: Site, places: GraphValue): { axis: number; at: (index: number, place: number) => number } {
  const { shape } = site.input()
  const axis = site.axis(0, shape.length)
  const isWithin = shape.every((size, other) => other === axis || places.shape[other] <= size)
  if (places.shape.length !== shape.length || !isWithin) {
    throw site.refusal(`must have places within [${shape}] but for axis ${axis}`, [...places.shape])
  }
  const [begin, step] = [besideAxis(places.shape, shape, axis), denseSteps(shape)[axis]]
  const place = placeIn(site, shape[axis])
  return { axis, at: (index, given) => begin(index) + place(given) * step }
}

const gatherElements: RunRow = {
  name: 'GatherElements',
  lower(site) {
    const places = site.input(1)
    const { axis, at } = alongAxis(site, places)
    return site.emitCall('gather', `each line along ${axis}`, [site.input(), places], ([{ data }, list], output) => {
      const target = output.data
      list.data.forEach((place, index) => {
        target[index] = data[at(index, place)]
      })
    })
  },
}

/** What becomes of an element that a new one is written on. */
const writings: Readonly<Record<string, (old: number, one: number) => number>> = {
  none: (_, one) => one,
  add: (old, one) => old + one,
  mul: (old, one) => old * one,
  max: Math.max,
  min: Math.min,
}

const writes = (
  name: string,
  lower: (site: Site, write: (old: number, one: number) => number) => GraphValue,
): RunRow => {
  const way = (site: { readonly call: Site['call'] }): string => site.call.attribute('reduction')?.string ?? 'none'
  return {
    name,
    lower: (site) => lower(site, writings[way(site)]),
    refuses: (call) => (Object.hasOwn(writings, way({ call })) ? undefined : `writes by ${way({ call })}`),
  }
}

const scatterElements = (name: string): RunRow =>
  writes(name, (site, write) => {
    const [x, places, updates] = site.inputs(3)
    checkShape(site, 'new elements', updates.shape, places.shape)
    if (sizeOf(places.shape) === 0) return x
    const { axis, at } = alongAxis(site, places)
    return site.emitCall(
      'scatter',
      `each line along ${axis}`,
      [x, places, updates],
      ([{ data }, list, news], output) => {
        const [target, values] = [output.data, news.data]
        target.set(data)
        list.data.forEach((place, index) => {
          const to = at(index, place)
          target[to] = write(target[to], values[index])
        })
      },
    )
  })

/** Where the slices begin that vectors name, which are the last axis of a tensor; `shape` without the axes of the batch. */
function slicesIn(site: Site, shape: readonly number[], named: number): (list: Float32Array, at: number) => number {
  if (named > shape.length) throw site.refusal(`must name at most ${shape.length} axes`, named)
  const steps = denseSteps(shape)
  const places = shape.slice(0, named).map((size) => placeIn(site, size))
  return (list, at) => places.reduce((sum, place, axis) => sum + place(list[at * named + axis]) * steps[axis], 0)
}

const gatherND: RunRow = {
  name: 'GatherND',
  lower(site) {
    const [x, places] = site.inputs(2)
    const batches = site.call.int('batch_dims') ?? 0
    const named = places.shape[places.shape.length - 1]
    checkShape(site, 'places in a batch', places.shape.slice(0, batches), x.shape.slice(0, batches))
    const own = x.shape.slice(batches)
    const begin = slicesIn(site, own, named)
    const [whole, slice] = [sizeOf(own), sizeOf(own.slice(named))]
    const each = sizeOf(places.shape.slice(batches, -1))
    return site.emitCall('gather', `slices of ${slice}`, [x, places], ([{ data }, list], output) => {
      const count = output.data.length / slice
      for (let index = 0; index < count; index++) {
        const from = Math.floor(index / each) * whole + begin(list.data, index)
        output.data.set(data.subarray(from, from + slice), index * slice)
      }
    })
  },
}

const scatterND: RunRow = writes('ScatterND', (site, write) => {
  const [x, places, updates] = site.inputs(3)
  const named = places.shape[places.shape.length - 1]
  checkShape(site, 'new elements', updates.shape, [...places.shape.slice(0, -1), ...x.shape.slice(named)])
  if (sizeOf(places.shape) === 0) return x
  const begin = slicesIn(site, x.shape, named)
  const slice = sizeOf(x.shape.slice(named))
  return site.emitCall('scatter', `slices of ${slice}`, [x, places, updates], ([{ data }, list, news], output) => {
    const [target, values] = [output.data, news.data]
    target.set(data)
    for (let index = 0; index < values.length; index++) {
      const to = begin(list.data, Math.floor(index / slice)) + (index % slice)
      target[to] = write(target[to], values[index])
    }
  })
})

/** A new axis along which one element is another than the rest. */
const oneHot: RunRow = {
  name: 'OneHot',
  constants: [1],
  lower(site) {
    const [x, , values] = site.inputs(3)
    const shape = site.shape()
    const axis = site.axis(-1, shape.length)
    const [size, inner] = [shape[axis], sizeOf(shape.slice(axis + 1))]
    return site.emitCall('oneHot', `${size} along ${axis}`, [x, values], ([places, { data }], output) => {
      const target = output.data.fill(data[0])
      places.data.forEach((given, at) => {
        const place = Math.trunc(given < 0 ? given + size : given)
        if (place >= 0 && place < size) target[(Math.floor(at / inner) * size + place) * inner + (at % inner)] = data[1]
      })
    })
  },
}

/** Rows of operators that take and put elements by their places. */
export const scattering: readonly RunRow[] = [
  ...[gatherElements, gatherND, scatterElements('ScatterElements'), scatterElements('Scatter'), scatterND, oneHot],
]

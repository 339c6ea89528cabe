/** Elements from neighbour to neighbour along each dimension of a dense tensor. */
export function denseSteps(shape: readonly number[]): number[] {
  let step = 1
  return shape
    .toReversed()
    .map((size) => {
      step *= size
      return step / size
    })
    .toReversed()
}

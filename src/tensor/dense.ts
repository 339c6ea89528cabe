/** Elements from neighbour to neighbour along each dimension of a dense tensor. */
export function denseSteps(shape: readonly number[]): number[] {
  const steps = new Array<number>(shape.length)
  let step = 1
  for (let dimension = shape.length - 1; dimension >= 0; dimension--) {
    steps[dimension] = step
    step *= shape[dimension]
  }
  return steps
}

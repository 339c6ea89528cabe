import { checkOptions } from '../../geometry/options.ts'
import type { Tensor } from '../../tensor/tensor.ts'
import { type ElementwiseOptions, runChain, type StepOperand } from './elementwise.ts'

/** An operation of two operands, which are broadcast as in NumPy; `add(x, 1)`, `divide(1, x)` and `multiply(x, y)`. */
export interface BinaryOperation {
  /**
   * @param a a tensor, or a number for all elements
   * @param b the same
   * @returns a tensor of the shape to which both are broadcast
   * @throws SamepadError on shapes that cannot be broadcast, and an output that overlaps an operand but is not all of it
   */
  (a: StepOperand, b: StepOperand, options?: undefined): Tensor<ArrayBuffer>
  <Output extends Tensor>(a: StepOperand, b: StepOperand, options: ElementwiseOptions<Output>): Output
}

function operation(name: string): BinaryOperation {
  const run = (a: StepOperand, b: StepOperand, options: ElementwiseOptions = {}): Tensor => {
    checkOptions(name, options, ['output'])
    return runChain(name, a, [{ [name]: b }], options)
  }
  return run as BinaryOperation
}

/** a + b. */
export const add: BinaryOperation = /* @__PURE__ */ operation('add')
/** a - b. */
export const subtract: BinaryOperation = /* @__PURE__ */ operation('subtract')
/** a * b. */
export const multiply: BinaryOperation = /* @__PURE__ */ operation('multiply')
/** a / b. */
export const divide: BinaryOperation = /* @__PURE__ */ operation('divide')
/** The smaller of a and b; NaN where one is NaN. */
export const minimum: BinaryOperation = /* @__PURE__ */ operation('minimum')
/** The larger of a and b; NaN where one is NaN. */
export const maximum: BinaryOperation = /* @__PURE__ */ operation('maximum')

// Quotients of integers below 2^53 are exact: a / b lies 1 / b or more from the next integer, and rounding errs by less.

/** The smallest integer not below a / b, for integers a and b with b > 0; a may be negative. */
export function ceilDivide(a: number, b: number): number {
  return Math.ceil(a / b) + 0 // + 0 turns -0 into 0
}

/** The largest integer that divides both, for integers of at least 0. */
export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

/** The smallest integer that both divide, for integers of at least 1. */
export const lcm = (a: number, b: number): number => (a / gcd(a, b)) * b

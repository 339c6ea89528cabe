// Integer arithmetic without a rounded quotient: `%` is exact for integers to 2^53, and a multiple of b
// divided by b is exact too, so nothing here passes through a fraction as Math.floor(a / b) does.

/** The largest integer not above a / b, for integers a and b with b > 0; a may be negative. */
export function floorDivide(a: number, b: number): number {
  const remainder = a % b
  return (a - remainder) / b - (remainder < 0 ? 1 : 0) + 0 // + 0 turns -0 into 0
}

/** The smallest integer not below a / b, for integers a and b with b > 0; a may be negative. */
export function ceilDivide(a: number, b: number): number {
  return 0 - floorDivide(-a, b)
}

/** The largest integer that divides both, for integers of at least 0. */
export function gcd(a: number, b: number): number {
  return b === 0 ? a : gcd(b, a % b)
}

/** The smallest integer that both divide, for integers of at least 1. */
export const lcm = (a: number, b: number): number => (a / gcd(a, b)) * b

/** A function that exporters write as several nodes, and the operator that it is. */
export interface GraphPattern {
  /** The nodes, from the last one back: `Div(Mul(x, y), 6)`. Small letters stand for values, numbers for constants. */
  readonly nodes: string
  /** The operator that takes their place, and its inputs by those letters. */
  readonly becomes: string
}

const [HALF, ROOT2, CUBIC, TWICE] = [0.5, Math.SQRT2, 0.044715, Math.sqrt(2 / Math.PI)]

/** Functions as exporters write them. Factors of sums and products may stand in any order. */
export const patterns: readonly GraphPattern[] = [
  { nodes: 'Mul(x, Sigmoid(x))', becomes: 'Swish(x)' },
  { nodes: 'Div(Mul(x, Clip(Add(x, 3), 0, 6)), 6)', becomes: 'HardSwish(x)' },
  { nodes: `Mul(Mul(x, Clip(Add(x, 3), 0, 6)), ${1 / 6})`, becomes: 'HardSwish(x)' },
  { nodes: 'Mul(x, Div(Clip(Add(x, 3), 0, 6), 6))', becomes: 'HardSwish(x)' },
  { nodes: `Mul(x, Mul(Clip(Add(x, 3), 0, 6), ${1 / 6}))`, becomes: 'HardSwish(x)' },
  { nodes: `Mul(x, HardSigmoid(x, ${1 / 6}, 0.5))`, becomes: 'HardSwish(x)' },
  { nodes: 'Mul(x, Tanh(Softplus(x)))', becomes: 'Mish(x)' },
  { nodes: 'Mul(x, Tanh(Log(Add(Exp(x), 1))))', becomes: 'Mish(x)' },
  { nodes: `Mul(Mul(x, Add(Erf(Div(x, ${ROOT2})), 1)), ${HALF})`, becomes: 'Gelu(x)' },
  { nodes: `Mul(Mul(x, ${HALF}), Add(Erf(Div(x, ${ROOT2})), 1))`, becomes: 'Gelu(x)' },
  { nodes: `Mul(x, Mul(Add(Erf(Div(x, ${ROOT2})), 1), ${HALF}))`, becomes: 'Gelu(x)' },
  { nodes: `Mul(Mul(x, Add(Erf(Mul(x, ${1 / ROOT2})), 1)), ${HALF})`, becomes: 'Gelu(x)' },
  { nodes: `Mul(Mul(x, ${HALF}), Add(Erf(Mul(x, ${1 / ROOT2})), 1))`, becomes: 'Gelu(x)' },
  { nodes: `Mul(x, Mul(Add(Erf(Mul(x, ${1 / ROOT2})), 1), ${HALF}))`, becomes: 'Gelu(x)' },
  {
    nodes: `Mul(Mul(x, ${HALF}), Add(Tanh(Mul(Add(x, Mul(Pow(x, 3), ${CUBIC})), ${TWICE})), 1))`,
    becomes: 'FastGelu(x)',
  },
  { nodes: 'Add(Relu(x), Mul(a, Neg(Relu(Neg(x)))))', becomes: 'PRelu(x, a)' },
  { nodes: 'Sub(Relu(x), Mul(a, Relu(Neg(x))))', becomes: 'PRelu(x, a)' },
]

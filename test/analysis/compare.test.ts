import { describe, expect, it } from 'vitest'
import { evaluate } from '../../src/conventions/evaluate.ts'
import { isRejected, type Solved } from '../../src/conventions/solve.ts'
import type { Op } from '../../src/geometry/index.ts'
import { type Convention, compare, conventions, parseSetting, type Setting, solve } from '../../src/geometry.ts'
import { grouped } from '../../src/words/groups.ts'

const LARGEST = 170
const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1)
// Half of all windows, so that any two numbers of a window meet.
const windows = upTo(5).flatMap((kernel) =>
  upTo(4).flatMap((stride) => {
    return upTo(3).flatMap((dilation) => ((kernel + stride + dilation) % 2 ? [] : [{ kernel, stride, dilation }]))
  }),
)

/** Numbers without a pattern, so that values that agree were computed from the same cells. */
const noise = (seed: number, length: number): number[] => {
  let state = seed
  return Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return (state >>> 12) - 2 ** 19
  })
}

const input = noise(1, LARGEST)
const weights = noise(4, 5)

/** Every setting that a convention makes of a window: one, or one for each of a few pads where it takes them. */
function settingsOf(
  convention: Convention,
  op: Op,
  window: { kernel: number; stride: number; dilation: number },
): Setting[] {
  const base = { ...window, convention: convention.id, op }
  if (convention.padding !== 'explicit') return [base]
  return [
    [0, 0],
    [1, 1],
    [0, 1],
    [2, 1],
  ].map((pads) => ({ ...base, pads: [pads[0], pads[1]] as const }))
}

/** Everything that a setting computes for inputs of 1 to 170 cells, by trying it: for each size a number that stands for it. */
function bruteForce(setting: Setting, { known, numbers }: Tried): number[] {
  return upTo(LARGEST).map((size) => {
    const outcome = solve(setting, size)
    if (isRejected(outcome)) return -1
    const key = JSON.stringify(outcome)
    const found = known.get(key)
    if (found !== undefined) return found
    const text = setting.op === 'maxPool' ? candidates(outcome) : valuesOf(setting, outcome, size)
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    known.set(key, number)
    return number
  })
}

/** What was tried of one window: numbers of what comes out, by how it is solved and by its text. */
interface Tried {
  readonly known: Map<string, number>
  readonly numbers: Map<string, number>
}

const valuesOf = (setting: Setting, outcome: Solved, size: number): string =>
  evaluate(setting, outcome, input.slice(0, size), weights.slice(0, setting.kernel)).join()

/** A maximum shows one cell only and hides the rest, so its windows are moved by hand: which cells, and a zero or none. */
function candidates({ axis, zeros }: Solved): string {
  let windows = ''
  for (let output = 0; output < axis.output; output++) {
    let zero = false
    for (let tap = 0; tap < axis.kernel; tap++) {
      const cell = output * axis.stride - axis.padBegin + tap * axis.dilation
      if (cell >= 0 && cell < axis.input) windows += `${cell} `
      else if (cell >= -zeros[0] && cell < axis.input + zeros[1]) zero = true
    }
    windows += zero ? 'zero;' : ';'
  }
  return windows
}

describe.each(['conv', 'maxPool', 'averagePool', 'convTranspose'] as const)('%s', (op) => {
  const ofOp = conventions.filter((convention) => convention.ops.includes(op))

  it(`agrees with brute force over all inputs to ${LARGEST}, for its ${ofOp.length} conventions`, {
    timeout: 300_000,
  }, () => {
    let [pairs, largest] = [0, 0]
    for (const window of windows) {
      const known: Tried = { known: new Map(), numbers: new Map() }
      // Conventions whose rows say the same are the same setting; one of each is enough.
      const distinct = new Map<string, Setting>()
      for (const convention of ofOp) {
        for (const setting of settingsOf(convention, op, window)) {
          const { rule, rejects } = convention
          distinct.set(JSON.stringify([rule, rejects, setting.pads]), setting)
        }
      }
      const tried = [...distinct.values()].map((setting) => {
        const outputs = bruteForce(setting, known)
        return { setting, outputs, text: outputs.join() }
      })
      // Settings that do the same at every size are one class: each is held against the first of its class, and the
      // first ones against each other.
      const classes = grouped(tried, ({ text }) => text)
      const firsts = [...classes.values()].map(([first]) => first)
      tried.forEach((a) => {
        const isFirst = firsts.includes(a)
        const partners = isFirst ? firsts.slice(firsts.indexOf(a)) : [classes.get(a.text)?.[0] ?? a]
        for (const b of partners) {
          const first = a.outputs.findIndex((output, size) => output !== b.outputs[size])
          const found = compare(a.setting, b.setting)
          pairs++
          largest = Math.max(largest, found.horizon + found.modulus)
          if (found.equal !== first < 0 || (!found.equal && found.smallest?.input !== first + 1)) {
            expect({ a: a.setting, b: b.setting, found, first: first + 1 }).toBe('as brute force')
          }
          for (let size = found.horizon + 1; size <= LARGEST; size++) {
            const { equal } = found.residues[size % found.modulus]
            if (equal !== (a.outputs[size - 1] === b.outputs[size - 1])) {
              expect({ a: a.setting, b: b.setting, found, size }).toBe('as brute force')
            }
          }
        }
      })
    }
    expect(pairs).toBeGreaterThan(1000)
    // Every residue was met beyond every horizon.
    expect(largest).toBeLessThanOrEqual(LARGEST)
  })
})

describe('compare', () => {
  const between = (a: string, b: string) => compare(parseSetting(a), parseSetting(b))

  it('a porter: PyTorch symmetric against TensorFlow SAME, one cell apart on even inputs', () => {
    const { equal, smallest, modulus, residues } = between('pytorch k3 s2 p1', 'tf k3 s2 same')
    expect([equal, smallest?.input, smallest?.phase, modulus]).toEqual([false, 2, 1, 2])
    expect(residues).toEqual([
      { residue: 0, equal: false, phase: 1, outputs: 0 },
      { residue: 1, equal: true, phase: 0, outputs: 0 },
    ])
  })

  it.each([
    ['F.pad and a convolution', 'pytorch k4 s2 pad1,2', 'tf k4 s2 same'],
    ['two ways to write the same pads', 'pytorch k3 s2 pad0,1 p1', 'onnx k3 s2 p1,2'],
    ['PyTorch symmetric and SAME_LOWER at stride 2', 'pytorch k5 s2 p2', 'onnx k5 s2 SAME_LOWER'],
    ['over-padding and slicing', 'pytorch k3 s2 p3 drop1 trim', 'onnx k3 s2 SAME_LOWER'],
    [
      'zeros written before a maximum of zeros',
      'efficientnet-pytorch.max-pool.same k3 s1',
      'efficientnet-pytorch.max-pool.same k3 s1',
    ],
    ['a kernel of one tap, dilated or not', 'tf k1 same', 'onnx k1 d3 SAME_UPPER'],
    ['two that refuse everything', 'pytorch k3 s2 same', 'tinygrad k3 s2 same'],
  ])('equal: %s', (_, a, b) => {
    expect(between(a, b)).toMatchObject({ equal: true })
  })

  it.each([
    ['different kernels', 'tf k3 same', 'tf k5 same', 'their kernels have 3 and 5 taps'],
    [
      'different operations',
      'tf maxpool k3 same',
      'tf avgpool k3 same',
      'maxPool and averagePool are different operations',
    ],
    [
      'zero padding and none',
      'efficientnet-pytorch maxpool k3 s1 same',
      'tf maxpool k3 s1 same',
      'at input 1 they treat the padding differently',
    ],
    ['a divisor', 'timm avgpool k3 s1 same', 'tf avgpool k3 s1 same', 'at input 1 they treat the padding differently'],
    [
      'a refusal',
      'pytorch k3 s2 same',
      'tf k3 s2 same',
      "at input 1 the first refuses: torch.nn.Conv with padding='same': not supported for strided convolutions; write F.pad in front and padding=0",
    ],
    ['outputs', 'pytorch k4 s1 p2', 'tf k4 s1 same', 'at input 1 they have 2 and 1 outputs'],
    [
      'transposed',
      'onnx transposed k3 s2 SAME_LOWER',
      'tf transposed k3 s2 same',
      'at input 1 the second writes 1 cell later',
    ],
  ])('different: %s', (_, a, b, reason) => {
    expect(between(a, b)).toMatchObject({ equal: false, reason })
  })
})

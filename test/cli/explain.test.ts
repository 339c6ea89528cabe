import { describe, expect, it } from 'vitest'
import { concerns, faultOf, shortName } from '../../src/cli/answers.ts'
import { conventions, isRejected, isSameFunction, parseSetting, solve } from '../../src/geometry.ts'
import { beforeLists, listedIn } from './listed.ts'
import { printed } from './typed.ts'

describe('samepad explain', () => {
  it('draws the windows and works the padding out', async () => {
    expect(beforeLists(await printed('explain tf k3 s2 same --input 6', 0))).toBe(`tf k3 s2 same, input 6
tensorflow.same; read in tensorflow core/framework/kernel_shape_util.cc
GetWindowedOutputSizeVerbose

input      0 1 2 3 4 5 ░
output 0   ● ● ●
output 1       ● ● ●
output 2           ● ● ○

● a tap reads a cell   ○ reads padding   ░ padding

effective kernel  K = d (k - 1) + 1 = 1 · (3 - 1) + 1 = 3
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈6/2⌉ - 1) · 2 + 3 - 6) = 1
at the start      ⌊P/2⌋ = ⌊1/2⌋ = 0
at the end        P - begin = 1 - 0 = 1
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(6 + 1 - 3)/2⌋ + 1 = 3

`)
  })

  it('shows the first and the last windows of a large input', async () => {
    expect(beforeLists(await printed('explain tf k3 s2 same --input 224', 0))).toBe(`tf k3 s2 same, input 224
tensorflow.same; read in tensorflow core/framework/kernel_shape_util.cc
GetWindowedOutputSizeVerbose

input          0   1   2   3   4   5   6   7  …  217 218 219 220 221 222 223   ░
output   0     ●   ●   ●
output   1             ●   ●   ●
output   2                     ●   ●   ●
…
output 109                                             ●   ●   ●
output 110                                                     ●   ●   ●
output 111                                                             ●   ●   ○

● a tap reads a cell   ○ reads padding   ░ padding

effective kernel  K = d (k - 1) + 1 = 1 · (3 - 1) + 1 = 3
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈224/2⌉ - 1) · 2 + 3 - 224) = 1
at the start      ⌊P/2⌋ = ⌊1/2⌋ = 0
at the end        P - begin = 1 - 0 = 1
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(224 + 1 - 3)/2⌋ + 1 = 112

`)
  })

  it('shows what an average divides by', async () => {
    expect(
      beforeLists(await printed('explain pytorch averagepool k3 s2 p1 ceil --input 6', 0)),
    ).toBe(`pytorch averagepool k3 s2 p1 ceil, input 6
pytorch.avg-pool.explicit; read in pytorch aten/src/ATen/native/Pool.h
pooling_output_shape_pad_lr

input      ░ 0 1 2 3 4 5 ░
output 0   ○ ● ●              / 3
output 1       ● ● ●          / 3
output 2           ● ● ●      / 3
output 3               ● ○ ○  / 2

● a tap reads a cell   ○ reads padding   ░ padding, zeros   / divisor

effective kernel  K = d (k - 1) + 1 = 1 · (3 - 1) + 1 = 3
at the start      as given = 1
at the end        as given = 1
outputs           ⌈(n + P - K)/s⌉ + 1, without a last window that starts in the
                  end padding
                    = ⌈(6 + 2 - 3)/2⌉ + 1 → 4

`)
  })

  it('lands the samples of a transposed convolution', async () => {
    expect(
      beforeLists(await printed('explain onnx transposed k3 s2 SAME_LOWER --input 3', 0)),
    ).toBe(`onnx transposed k3 s2 SAME_LOWER, input 3
onnx.transposed.same-lower; read in onnx docs/Operators.md, ConvTranspose (opset
11 and later)

output     ░ 0 1 2 3 4 5
sample 0   ○ ● ●
sample 1       ● ● ●
sample 2           ● ● ●

● a tap lands on a cell   ○ lands on what is cropped   ░ cropped

effective kernel  K = d (k - 1) + 1 = 1 · (3 - 1) + 1 = 3
full result       F = (n - 1) s + K = (3 - 1) · 2 + 3 = 7
output            n s = 3 · 2 = 6
cropped in all    T = max(0, F + op - output) = max(0, 7 + 0 - 6) = 1
at the start      ⌈T/2⌉ = ⌈1/2⌉ = 1
at the end        F - begin - output = 7 - 1 - 6 = 0

`)
  })

  it('shows what dilation steps over', async () => {
    expect(beforeLists(await printed('explain jax k2 d3 same --input 5', 0))).toBe(`jax k2 d3 same, input 5
jax.same; read in jax _src/lax/lax.py padtype_to_pads

input      ░ 0 1 2 3 4 ░ ░
output 0   ○ · · ●
output 1     ● · · ●
output 2       ● · · ●
output 3         ● · · ○
output 4           ● · · ○

● a tap reads a cell   ○ reads padding   · stepped over   ░ padding

effective kernel  K = d (k - 1) + 1 = 3 · (2 - 1) + 1 = 4
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈5/1⌉ - 1) · 1 + 4 - 5) = 3
at the start      ⌊P/2⌋ = ⌊3/2⌋ = 1
at the end        P - begin = 3 - 1 = 2
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(5 + 3 - 4)/1⌋ + 1 = 5

`)
  })

  it('names every few cells where indices have no room', async () => {
    expect(beforeLists(await printed('explain jax k3 s2 d4 same --input 100', 0))).toBe(`jax k3 s2 d4 same, input 100
jax.same; read in jax _src/lax/lax.py padtype_to_pads

                  0         5        10            90        95
input       ░ ░ ░ · · · · · · · · · · · · ·  …  · · · · · · · · · · · · ░ ░ ░ ░
output  0   ○ · · · ● · · · ●
output  1       ○ · · · ● · · · ●
output  2           ● · · · ● · · · ●
output  3               ● · · · ● · · · ●
…
output 46                                         ● · · · ● · · · ●
output 47                                             ● · · · ● · · · ●
output 48                                                 ● · · · ● · · · ○
output 49                                                     ● · · · ● · · · ○

● a tap reads a cell   ○ reads padding   · stepped over   ░ padding

effective kernel  K = d (k - 1) + 1 = 4 · (3 - 1) + 1 = 9
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈100/2⌉ - 1) · 2 + 9 - 100) = 7
at the start      ⌊P/2⌋ = ⌊7/2⌋ = 3
at the end        P - begin = 7 - 3 = 4
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(100 + 7 - 9)/2⌋ + 1 = 50

`)
  })

  it('says in words what is too wide to draw', async () => {
    expect(beforeLists(await printed('explain jax k15 s2 d3 same --input 224', 0))).toBe(`jax k15 s2 d3 same, input 224
jax.same; read in jax _src/lax/lax.py padtype_to_pads

output 0 reads cells -20 to 22 in steps of 3, 7 taps of them padding
output 1 reads cells -18 to 24 in steps of 3, 6 taps of them padding
output 111 reads cells 202 to 244 in steps of 3, 7 taps of them padding

effective kernel  K = d (k - 1) + 1 = 3 · (15 - 1) + 1 = 43
padding in all    P = max(0, (⌈n/s⌉ - 1) s + K - n)
                    = max(0, (⌈224/2⌉ - 1) · 2 + 43 - 224) = 41
at the start      ⌊P/2⌋ = ⌊41/2⌋ = 20
at the end        P - begin = 41 - 20 = 21
outputs           ⌊(n + P - K)/s⌋ + 1 = ⌊(224 + 41 - 43)/2⌋ + 1 = 112

`)
  })

  it('says that a framework refuses', async () => {
    expect(beforeLists(await printed('explain pytorch k3 s2 same --input 6', 1))).toBe(`pytorch k3 s2 same, input 6
pytorch.same; read in pytorch torch/nn/modules/conv.py _ConvNd; Convolution.cpp
_convolution_same

Refused: torch.nn.Conv with padding='same': not supported for strided
convolutions; write F.pad in front and padding=0.

`)
  })

  it.each([
    ['tf k3 s2 same', 6],
    ['tf k3 s2 same', 224],
    ['pytorch averagepool k3 s2 p1 ceil', 6],
    ['tf maxpool k3 s2 same', 5],
    ['onnx transposed k3 s2 SAME_LOWER', 3],
    ['pytorch transposed k3 s2 p1 op1', 4],
    ['jax k2 d3 same', 5],
    ['jax k3 s2 d4 same', 100],
    ['jax k15 s2 d3 same', 224],
    ['pytorch k3 s2 same', 6],
  ])('lists every convention once, under what it does: %s, input %d', async (text, input) => {
    const setting = parseSetting(text)
    const own = solve(setting, input)
    const listed = listedIn(await printed(`explain ${text} --input ${input}`, isRejected(own) ? 1 : 0))
    const asked = conventions.filter(({ ops, padding }) => {
      return ops.includes(setting.op) && (padding !== 'explicit' || setting.pads !== undefined)
    })
    const told = asked.flatMap((convention) => {
      const other = { ...setting, convention: convention.id }
      const outcome = solve(other, input)
      return concerns(outcome) ? [{ convention, other, outcome }] : []
    })
    const nameOf = ({ convention }: (typeof told)[number]): string => `${shortName(convention)} ${convention.padding}`
    expect(listed.map(({ name }) => name).sort()).toEqual(told.map(nameOf).sort())
    for (const one of told) {
      const { convention, other, outcome } = one
      const places = listed.filter(({ name }) => name === nameOf(one))
      const reason = isRejected(outcome) ? outcome.rejected : faultOf(convention, other, input)
      const place = places.find((found) => found.reason?.replace('faulty, ', '') === reason)
      expect(place, nameOf(one)).toBeDefined()
      const isSame = isSameFunction(setting, own, other, outcome)
      if (isRejected(outcome)) expect(place?.under).toBe('Refused by')
      else expect(place?.under, nameOf(one)).toMatch(headingOf(outcome.axis, isSame))
    }
  })

  it.each([
    ['pytorch averagepool k3 s2 p1 ceil --input 6', 'Otherwise: 1 cell before, 4 outputs, padding not counted'],
    ['onnx averagepool k3 s2 p1 --input 5', 'Otherwise: 1 cell before, 3 outputs, padding counted as zeros'],
    ['efficientnet-pytorch maxpool k3 s2 same --input 5', 'Otherwise: 1 cell before, 3 outputs, padding ignored'],
    ['tf maxpool k3 s2 same --input 5', 'Otherwise: 1 cell before, 3 outputs, padding seen as zeros'],
    ['onnx k3 d2 p2 --input 6', 'Windows start 1 cell later: 1 cell before, 6 outputs, undilated'],
  ])('says what differs: %s', async (line, says) => {
    expect((await printed(`explain ${line}`, 0)).split('\n')).toContain(says)
  })

  it.each(['conv k3', 'maxpool k3 s3'])('does not say that a rule for other layers refuses: %s', async (layer) => {
    expect(await printed(`explain tf ${layer} same --input 9`, 0)).not.toMatch(/written for|another rule/)
  })
})

/** A heading that says so many cells and outputs, and whether that is what the layer itself does. */
function headingOf({ padBegin, output }: { padBegin: number; output: number }, isSame: boolean): RegExp {
  return new RegExp(
    `^${isSame ? 'The same' : '(?!The same).*'}: ${padBegin} cells? (cropped )?before, (output ${output}|${output} outputs?)`,
  )
}

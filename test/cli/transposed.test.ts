import { describe, expect, it } from 'vitest'
import { printed } from './typed.ts'

describe('samepad transposed', () => {
  it('lists what each framework is asked', async () => {
    expect(await printed('transposed tf k3 s2 same --input 2', 0)).toBe(`tf k3 s2 same, input 2

output  crop  sample 0 at  PyTorch  TensorFlow  Keras  ONNX     JAX
     3   1,1            0  p1 op0   3           op0    1,1 op0  1,1
     4   0,1            1  cut 0,1  4           None   0,1 op0  SAME

crop: cells cut from the full result on each side, appended where negative. p:
padding or pads, op: output_padding; TensorFlow: output_shape; None: not given;
-: cannot be asked for.
cut: PyTorch's padding and output_padding cannot say it: run with padding 0 and
cut.
`)
  })

  it('has PyTorch where it can', async () => {
    expect(await printed('transposed onnx k3 s2 SAME_LOWER --input 2', 0)).toBe(`onnx k3 s2 SAME_LOWER, input 2

output  crop  sample 0 at  PyTorch  TensorFlow  Keras  ONNX     JAX
     3   1,1            0  p1 op0   3           op0    1,1 op0  1,1
     4   1,0            0  p1 op1   -           -      1,0 op0  1,2

crop: cells cut from the full result on each side, appended where negative. p:
padding or pads, op: output_padding; TensorFlow: output_shape; None: not given;
-: cannot be asked for.
`)
  })

  it('says that a rule takes no output', async () => {
    expect(await printed('transposed keras k3 s2 valid --input 2', 1)).toBe(`keras k3 s2 valid, input 2

No output that leads back to 2 can be asked for under this rule.
`)
  })
})

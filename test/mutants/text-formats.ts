import { readModel } from '../../src/models.ts'
import { bytesOf } from '../models/windows-of.ts'
import type { SpoiltFormat } from './spoilt-format.ts'

// Texts, and ways to spoil them.

const texts: Readonly<Record<string, string>> = {
  ncnn: `7767517
6 7
Input in 0 1 x 0=12 1=10 2=3
Split s 1 2 x x0 x1 -23330=8,3,12,10,3,3,12,10,3
Padding p 1 1 x0 p 0=1 1=2 2=3 3=4 4=2 7=0 8=0
Convolution c 1 1 p c 0=8 1=3 3=2 4=-233 6=216
Pooling q 1 1 c q 0=1 1=3 2=2 5=0
Deconvolution d 1 1 q d 0=8 1=4 3=2 4=1 6=1024 20=24 21=20`,
  pnnx: `7767517
3 3
pnnx.Input in 0 1 0 #0=(1,3,9,9)f32
nn.Conv2d c 1 1 0 1 in_channels=3 out_channels=8 kernel_size=(4,4) padding=same stride=(1,1) #1=(1,8,9,9)f32
nn.AvgPool2d p 1 1 1 2 kernel_size=(2,2) stride=(2,2) padding=(0,0) ceil_mode=True
pnnx.Output out 1 0 2`,
  Caffe: `name: "net" input: "x" input_dim: 1 input_dim: 3 input_dim: 10 input_dim: 12
layer { name: "a" type: "Convolution" bottom: "x" top: "y" convolution_param { num_output: 8 kernel_size: [3, 5] pad: 1 } }
layer { name: "r" type: "ReLU" bottom: "y" top: "y" include { phase: TEST } }
layer { name: "p" type: "Pooling" bottom: "y" top: "z" pooling_param { pool: AVE kernel_h: 3 kernel_w: 2 stride: 2 } }
layer { name: "f" type: "InnerProduct" bottom: "z" top: "f" inner_product_param { num_output: 10 } } # end`,
  Darknet: `[net]
height=10
width=12
[convolutional]
filters=8
size=3
pad=1
[maxpool]
size=2
stride=2
[route]
layers=-1
groups=2
[shortcut]
from=-1
[upsample]
stride=2
[connected]
output=10`,
  'OpenVINO IR': `<?xml version="1.0"?><net name="n" version="11"><layers>
<layer id="0" name="x" type="Parameter"><data shape="1,3,10,12"/><output><port id="0"><dim>1</dim><dim>3</dim><dim>10</dim><dim>12</dim></port></output></layer>
<layer id="1" name="p" type="MaxPool"><data kernel="3,3" strides="2,2" pads_begin="1,1" pads_end="1,1" auto_pad="same_upper" rounding_type="ceil"/>
<input><port id="0"><dim>1</dim><dim>3</dim><dim>10</dim><dim>12</dim></port></input><output><port id="1"><dim>1</dim><dim>-1</dim></port></output></layer>
<layer id="2" name="r" type="Result"><input><port id="0"/></input></layer></layers>
<edges><edge from-layer="0" from-port="0" to-layer="1" to-port="0"/><edge from-layer="1" from-port="1" to-layer="2" to-port="0"/></edges></net>`,
  'PyTorch print(model)': `Net(
  (stem): Sequential(
    (0): ZeroPad2d((0, 1, 0, 1))
    (1): Conv2d(3, 8, kernel_size=(3, 3), stride=(2, 2), padding=same, padding_mode=reflect)
    (2): AvgPool2d(kernel_size=2, stride=2, padding=0)
  )
  (blocks): ModuleList(
    (0-3): 4 x Block(
      (up): ConvTranspose2d(8, 8, kernel_size=(3, 3), stride=(2, 2), output_padding=(1, 1))
    )
  )
)`,
  'Core ML text': `program(1.0)
[buildInfo = dict<tensor<string, []>, tensor<string, []>>({{"coremlc-version", "3402.4.1; {"}})]
{
    func main<ios16>(tensor<fp16, [1, 3, 32, 33]> x) {
            tensor<fp16, [8, 3, 3, 3]> w = const()[name = tensor<string, []>("w"), val = tensor<fp16, [8, 3, 3, 3]>(BLOBFILE(path = tensor<string, []>("@model_path/weights/weight.bin"), offset = tensor<uint64, []>(64)))];
            tensor<int32, [2]> s = const()[name = string("s"), val = tensor<int32, [2]>([2, 2])];
            tensor<fp16, [1, 8, 16, 17]> c = conv(dilations = tensor<int32, [2]>([1, 1]), pad = tensor<int32, [4]>([0, 1, 2, 3]), pad_type = string("custom"), strides = s, weight = w, x = x)[name = string("the conv")];
            tensor<fp16, [1, 8, 8, 8]> y = max_pool(x = c, kernel_sizes = s, strides = s, pad_type = string("same"), ceil_mode = bool(true))[name = string("a;b")];
        } -> (y);
}
`,
  'Paddle PIR': `{"base_code": {"magic": "pir", "trainable": false, "version": 1}, "program": {"regions": [{"#": "region_0", "blocks": [{"#": "block_0", "args": [], "ops": [
{"#": "p", "A": [0, 1, 1, "w"], "O": {"%": 1, "TT": {"#": "0.t_dtensor", "D": [{"#": "0.t_f32"}, [8, 3, 3, 3], "NCHW", [], 0]}}},
{"#": "1.data", "I": [], "A": [{"N": "name", "AT": {"#": "0.a_str", "D": "x"}}], "O": [{"%": 2, "TT": {"#": "0.t_dtensor", "D": [{"#": "0.t_f32"}, [-1, 3, 32, 33], "NCHW", [], 0]}}]},
{"#": "1.conv2d", "I": [{"%": 2}, {"%": 1}], "O": [{"%": 9, "TT": {"#": "0.t_dtensor", "D": [{"#": "0.t_f32"}, [-1, 8, 16, 17], "NCHW", [], 0]}}],
"A": [{"N": "strides", "AT": {"#": "0.a_array", "D": [{"#": "0.a_i32", "D": 2}, {"#": "0.a_i32", "D": 2}]}},
{"N": "paddings", "AT": {"#": "0.a_array", "D": [{"#": "0.a_i32", "D": 1}, {"#": "0.a_i32", "D": 2}]}},
{"N": "padding_algorithm", "AT": {"#": "0.a_str", "D": "EXPLICIT"}},
{"N": "dilations", "AT": {"#": "0.a_array", "D": [{"#": "0.a_i32", "D": 1}, {"#": "0.a_i32", "D": 1}]}},
{"N": "groups", "AT": {"#": "0.a_i32", "D": 1}}, {"N": "data_format", "AT": {"#": "0.a_str", "D": "NCHW"}}]},
{"#": "1.fetch", "I": [{"%": 9}], "A": [], "O": []}]}]}]}}`,
}

const absurd = [
  '-1',
  '0',
  '99999999999',
  '9007199254740993',
  '-2147483648',
  '1e400',
  'NaN',
  '',
  '-233',
  '0.5',
  '1,1,1,1,1',
]
const marks = [...'<>"\'(){}[]=,:;&#\n\r\t \0é'.split(''), '<!--', '</a>', '[net]', ' 1000000 x ', '..']

/** A text that was spoilt in one to three places. */
function spoilt(text: string, random: () => number): string {
  const any = (below: number): number => Math.floor(random() * below)
  const change = (whole: string): string => {
    const at = any(whole.length + 1)
    const lines = whole.split('\n')
    const numbers = [...whole.matchAll(/-?\d+/g)]
    const number = numbers[any(numbers.length)]
    switch (any(8)) {
      case 0:
        return whole.slice(0, at)
      case 1:
        return whole.slice(0, at) + whole.slice(at + 1 + any(20))
      case 2:
        return whole.slice(0, at) + marks[any(marks.length)] + whole.slice(at)
      case 3:
        return lines.toSpliced(any(lines.length), 1).join('\n')
      case 4:
        return lines.toSpliced(any(lines.length), 0, ...new Array(any(50)).fill(lines[any(lines.length)])).join('\n')
      case 5:
        return whole.slice(0, at) + whole.slice(any(whole.length)).slice(0, 100) + whole.slice(at)
      default: {
        if (!number) return whole
        const end = number.index + number[0].length
        return whole.slice(0, number.index) + absurd[any(absurd.length)] + whole.slice(end)
      }
    }
  }
  let found = text
  for (let count = 1 + any(3); count > 0; count--) found = change(found)
  return found
}

export const textFormats: readonly SpoiltFormat[] = Object.entries(texts).map(([name, text]) => ({
  name,
  isText: true,
  spoil: (_, random) => bytesOf(spoilt(text, random)),
  read: (mutant) => readModel(mutant),
}))

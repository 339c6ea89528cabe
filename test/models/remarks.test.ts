import { describe, expect, it } from 'vitest'
import { audit, readModel } from '../../src/models.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

const print = (layers: string): Uint8Array => bytes(`Net(\n${layers}\n)\n`)

/** An OpenVINO file of one convolution of 3x3, stride 2, on 8 cells. */
const openvino = (data: string): Uint8Array =>
  bytes(`<?xml version="1.0"?>
<net name="one" version="11">
  <layers>
    <layer id="0" name="x" type="Parameter" version="opset1">
      <data shape="1,1,8,8" element_type="f32"/>
      <output><port id="0"><dim>1</dim><dim>1</dim><dim>8</dim><dim>8</dim></port></output>
    </layer>
    <layer id="1" name="w" type="Const" version="opset1">
      <data element_type="f32" shape="1,1,3,3" offset="0" size="36"/>
      <output><port id="0"><dim>1</dim><dim>1</dim><dim>3</dim><dim>3</dim></port></output>
    </layer>
    <layer id="2" name="conv" type="Convolution" version="opset1">
      <data strides="2,2" dilations="1,1" ${data}/>
      <input>
        <port id="0"><dim>1</dim><dim>1</dim><dim>8</dim><dim>8</dim></port>
        <port id="1"><dim>1</dim><dim>1</dim><dim>3</dim><dim>3</dim></port>
      </input>
      <output><port id="2"><dim>1</dim><dim>1</dim><dim>4</dim><dim>4</dim></port></output>
    </layer>
  </layers>
  <edges>
    <edge from-layer="0" from-port="0" to-layer="2" to-port="0"/>
    <edge from-layer="1" from-port="0" to-layer="2" to-port="1"/>
  </edges>
</net>
`)

const ncnn = (layer: string): Uint8Array => bytes(`7767517\n2 2\nInput data 0 1 data 0=8 1=8 2=1\n${layer}\n`)

async function said(rule: string, source: Uint8Array): Promise<string[]> {
  const { findings } = await audit(await readModel(source))
  return findings.filter((one) => one.rule === rule).map(({ node, message }) => `${node?.name ?? 'model'}: ${message}`)
}

describe('what only a format can say', () => {
  it('a text that hides the flags of an average is said to, one that shows them is not', async () => {
    const hidden = '  (avg): AvgPool2d(kernel_size=3, stride=2, padding=1)'
    expect(await said('remark', print(hidden))).toEqual([
      'avg: ceil_mode, count_include_pad and divisor_override are not in the text; the defaults are assumed',
    ])
    const shown = '  (max): MaxPool2d(kernel_size=3, stride=2, padding=1, dilation=1, ceil_mode=False)'
    expect(await said('remark', print(shown))).toEqual([])
  })

  it('a text with fewer layers than it counts may have been cut off; one with blank lines was not', async () => {
    const layers = 'Input data 0 1 data 0=8 1=8 2=1\nPooling p 1 1 data q 0=1 1=3 2=2 5=1\n'
    const cut = bytes(`7767517\n3 3\n${layers}`)
    expect(await said('remark', cut)).toEqual([
      'the end of the file: the file may have been cut off: it counts 3 layers, and 2 are there',
    ])
    expect((await audit(cut)).operators).toBe((await audit(bytes(`7767517\n2 2\n${layers}`))).operators)
    expect(await said('remark', bytes(`\n7767517\n\n2 2\n\n${layers}\n`))).toEqual([])
  })

  it('pads beside auto_pad are told where they differ from what it pads, and are never read', async () => {
    const stale = openvino('auto_pad="same_upper" pads_begin="1,1" pads_end="1,1"')
    expect(await said('stale-pads', stale)).toEqual(['conv: pads 1,1 are written and ignored; it pads 0,1'])
    const { nodes } = await audit(stale)
    expect(nodes[0].axes.map(({ padBegin, padEnd }) => [padBegin, padEnd])).toEqual([
      [0, 1],
      [0, 1],
    ])
    expect(await said('stale-pads', openvino('auto_pad="same_upper" pads_begin="0,0" pads_end="1,1"'))).toEqual([])
    expect(await said('stale-pads', openvino('auto_pad="explicit" pads_begin="1,1" pads_end="1,1"'))).toEqual([])
  })

  it('operators that nobody knows are named, since no window in them can be seen', async () => {
    const custom = ncnn('MyConvolution own 1 1 data out 0=4 1=3')
    expect(await said('unknown-operators', custom)).toEqual([
      'model: 1 operator is not known: MyConvolution; windows in it cannot be seen',
    ])
    expect((await audit(custom)).unknownOperators).toEqual(['MyConvolution'])
    expect(await said('unknown-operators', ncnn('ReLU relu 1 1 data out'))).toEqual([])
  })

  it('but not those that are known to slide no window, although no row says what they do', async () => {
    expect(await said('unknown-operators', ncnn('Yolov3DetectionOutput out 1 1 data out'))).toEqual([])
    expect(await said('unknown-operators', print('  (fc): Linear(in_features=8, out_features=2, bias=True)'))).toEqual(
      [],
    )
    // One that slides windows whose size it works out by itself is named.
    const adaptive = print('  (pool): AdaptiveAvgPool2d(output_size=(6, 6))')
    expect(await said('unknown-operators', adaptive)).toEqual([
      'model: 1 operator is not known: AdaptiveAvgPool2d; windows in it cannot be seen',
    ])
  })
})

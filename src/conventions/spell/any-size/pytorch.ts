import type { Op, Pads } from '../../../geometry/index.ts'
import { padsTo } from '../../argument-orders.ts'
import { concise, conciseUnless, joined, python, pythonCall, unless } from '../language.ts'
import { each, somePads } from '../windows.ts'
import { type AnySizeAxis, type AnySizeLayer, isSamePads, type SameShare } from './layer.ts'
import { moduleName, titleOf } from './title.ts'

/**
 * PyTorch, a module that pads in `forward` from the input that arrives. Source: the references of torch.nn and of
 * torch.nn.functional.pad, which takes the last axis first.
 */
export function pytorchModule(layer: AnySizeLayer): string {
  const { op } = layer
  const [members, forward] = bodies[op](layer)
  return joined([
    ...['import torch.nn as nn', 'import torch.nn.functional as F', '', ''],
    `class ${moduleName(layer)}(nn.Module):`,
    `    """${titleOf(layer)}"""`,
    '',
    ...(members.length ? [...indented(members), ''] : []),
    ...indented(python.define('forward', ['self', 'x'], forward)),
  ])
}

type ClassText = readonly [members: readonly string[], forward: readonly string[]]

const indented = (lines: readonly string[]): string[] => lines.map((line) => (line ? `    ${line}` : line))

const bodies: Readonly<Record<Op, (layer: AnySizeLayer) => ClassText>> = { conv, convTranspose, maxPool, averagePool }

/** How much of a total comes first, in Python. */
const firsts: Readonly<Record<SameShare, string>> = {
  'smaller half': 'total // 2',
  'larger half': 'total - total // 2',
  all: 'total',
  none: '0',
}

/** Lines that work out `pads` from the input's sizes, and how the call of `F.pad` names them; none where nothing is padded. */
function padding(axes: readonly AnySizeAxis[]): { before: string[]; pads: string | undefined } {
  const fixed = axes.map(({ pads }): Pads | undefined => (isSamePads(pads) ? undefined : pads))
  if (fixed.every((pads) => pads !== undefined)) {
    return { before: [], pads: somePads(fixed) ? python.value(padsTo('pytorch', fixed)) : undefined }
  }
  const same = axes.flatMap(({ pads }) => (isSamePads(pads) ? [pads] : []))
  const [first] = same
  const alike = same.length === axes.length && same.every(({ begin }) => begin === first.begin)
  if (alike) {
    return {
      before: [
        `pads = []  ${python.comment('for F.pad: the last axis first, begin before end')}`,
        `for n, reach, stride in zip(x.shape[2:], ${python.value(each(same, 'reach'))}, ${python.value(each(axes, 'stride'))}):`,
        `    output = -(-n // stride)  ${python.comment('ceil(n / stride)')}`,
        '    total = max(0, (output - 1) * stride + reach - n)',
        `    pads = [${firsts[first.begin]}, ${rest(first.begin)}, *pads]`,
      ],
      pads: 'pads',
    }
  }
  const lines = axes.flatMap(({ pads, stride }, axis) => {
    if (!isSamePads(pads)) return [`pads = [${pads.join(', ')}, *pads]`]
    return [
      `total = max(0, ${pads.reach - 1} - (x.shape[${axis + 2}] - 1) % ${stride})`,
      `pads = [${firsts[pads.begin]}, ${rest(pads.begin)}, *pads]`,
    ]
  })
  return {
    before: [`pads = []  ${python.comment('for F.pad: the last axis first, begin before end')}`, ...lines],
    pads: 'pads',
  }
}

const rest = (begin: SameShare): string =>
  ({ 'smaller half': 'total - total // 2', 'larger half': 'total // 2', all: '0', none: 'total' })[begin]

function layerOf(name: string, { axes, groups }: AnySizeLayer, more: Record<string, string | undefined>): string[] {
  const rank = axes.length
  const isDepthwise = groups === 'depthwise'
  return [
    ...python
      .define(
        '__init__',
        ['self', 'in_channels', 'out_channels', ...(isDepthwise ? [] : [`groups=${groups}`]), 'bias=True'],
        [
          'super().__init__()',
          pythonCall(`self.conv = nn.${name}${rank}d`, ['in_channels', 'out_channels', concise(each(axes, 'kernel'))], {
            stride: conciseUnless(1, each(axes, 'stride')),
            ...more,
            dilation: conciseUnless(1, each(axes, 'dilation')),
            groups: isDepthwise ? 'in_channels' : 'groups',
            bias: 'bias',
          }),
        ],
      )
      .map((line) => line.replace('bias=None', 'bias=True')),
  ]
}

function conv(layer: AnySizeLayer): ClassText {
  const fixed = layer.axes.map(({ pads }) => (isSamePads(pads) ? undefined : pads))
  const symmetric = fixed.every((pads) => pads !== undefined && pads[0] === pads[1])
  if (symmetric) {
    const own = conciseUnless(
      0,
      fixed.map((pads) => pads![0]),
    )
    return [
      layerOf('Conv', layer, { padding: own === undefined ? undefined : python.value(own) }),
      ['return self.conv(x)'],
    ]
  }
  const { before, pads } = padding(layer.axes)
  return [layerOf('Conv', layer, {}), [...before, `return self.conv(${pads ? `F.pad(x, ${pads})` : 'x'})`]]
}

/** PyTorch crops as much at the end as at the start, less `output_padding`; the rest is sliced off. */
function convTranspose(layer: AnySizeLayer): ClassText {
  const parts = layer.axes.map(({ pads, stride, dilation }) => {
    const [begin, end] = pads as Pads
    const back = begin - end
    if (back >= 0 && back < Math.max(stride, dilation)) return { padding: begin, outputPadding: back, slice: ':' }
    const slice = end > 0 ? `${begin || ''}:${-end}` : `${begin || ''}:`
    return { padding: 0, outputPadding: Math.max(0, -end), slice }
  })
  const own = (name: 'padding' | 'outputPadding'): string | undefined => {
    const value = conciseUnless(0, each(parts, name))
    return value === undefined ? undefined : python.value(value)
  }
  const members = layerOf('ConvTranspose', layer, { padding: own('padding'), output_padding: own('outputPadding') })
  if (parts.every(({ slice }) => slice === ':')) return [members, ['return self.conv(x)']]
  const comment = python.comment('what padding= and output_padding= cannot crop is sliced off')
  return [members, [comment, `return self.conv(x)[..., ${each(parts, 'slice').join(', ')}]`]]
}

const windows = (axes: readonly AnySizeAxis[]): string =>
  [concise(each(axes, 'kernel')), concise(each(axes, 'stride'))].map(python.value).join(', ')

function maxPool({ axes }: AnySizeLayer): ClassText {
  const { before, pads } = padding(axes)
  const padded = pads ? `F.pad(x, ${pads}, value=float('-inf'))` : 'x'
  const dilation = conciseUnless(1, each(axes, 'dilation'))
  const more = dilation === undefined ? '' : `, dilation=${python.value(dilation)}`
  return [[], [...before, `return F.max_pool${axes.length}d(${padded}, ${windows(axes)}${more})`]]
}

/** An average of real cells is the mean with zeros, divided by the mean of ones with zeros around them. */
function averagePool({ axes, countIncludePad }: AnySizeLayer): ClassText {
  const { before, pads } = padding(axes)
  const dilated = unless(1, each(axes, 'dilation')) !== undefined
  const mean = dilated
    ? python.define('mean', ['self', 'x'], meanOfTaps(axes))
    : python.define('mean', ['self', 'x'], [`return F.avg_pool${axes.length}d(x, ${windows(axes)})`])
  if (!pads) return [mean, ['return self.mean(x)']]
  const x = `self.mean(F.pad(x, ${pads}))`
  if (countIncludePad) return [mean, [...before, `return ${x}`]]
  const ones = `self.mean(F.pad(x.new_ones(1, 1, *x.shape[2:]), ${pads}))`
  return [mean, [...before, python.comment('divided by the part of each window that is real'), `return ${x} / ${ones}`]]
}

/** Averages one axis after the other: PyTorch's pooling knows no dilation. */
function meanOfTaps(axes: readonly AnySizeAxis[]): string[] {
  return axes.map(({ kernel, stride, dilation }, index) => {
    const taps = dilation === 1 ? '' : `[..., ::${dilation}]`
    const mean = `x.unfold(${index + 2}, ${dilation * (kernel - 1) + 1}, ${stride})${taps}.mean(-1)`
    return index === axes.length - 1 ? `return ${mean}` : `x = ${mean}`
  })
}

import type { chain, Spec } from './networks.ts'

// Layers of which the networks are made that rules are held against.

export const conv = (kernel: number, stride: number, more: object): Spec => [
  'Conv',
  { kernel_shape: [kernel, kernel], strides: [stride, stride], ...more },
]
export const pads = (begin: number, end: number): object => ({ pads: [begin, begin, end, end] })
export const same = { auto_pad: 'SAME_UPPER' }
export const pool = (kernel: number, stride: number, more: object): Spec => [
  'MaxPool',
  { ...conv(kernel, stride, more)[1] },
]
export const average = (kernel: number, stride: number, more: object): Spec => [
  'AveragePool',
  { ...pool(kernel, stride, more)[1] },
]
export const pad = (begin: number, end: number, more: object = {}): Spec => [
  'Pad',
  { amounts: [0, 0, begin, begin, 0, 0, end, end], ...more },
]
export const relu: Spec = ['Relu', {}]
export const open = { input: ['n', 2, 'height', 'width'] }

type Options = Parameters<typeof chain>[1]
export interface Case {
  readonly rule: string
  readonly name: string
  readonly specs: readonly Spec[]
  readonly options?: Options
}

/** A Pad of early operator sets that holds a value. */
export const padOf = (value: number): Spec => ['Pad', { pads: [0, 0, 1, 1, 0, 0, 1, 1], value: { float: value } }]

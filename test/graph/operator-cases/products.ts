import { type NamedCases, one } from './case.ts'

// Products of tensors whose axes letters name.

const equations: readonly (readonly [equation: string, a: readonly number[], b: readonly number[]])[] = [
  ['bij,bjk->bik', [2, 3, 4], [2, 4, 5]],
  ['bhqd,bhkd->bhqk', [2, 2, 3, 4], [2, 2, 5, 4]],
  ['bqhd,bkhd->bhqk', [2, 3, 2, 4], [2, 5, 2, 4]],
  ['bhqk,bkhd->bqhd', [2, 2, 3, 5], [2, 5, 2, 4]],
  ['...ij,...jk->...ik', [2, 2, 3, 4], [1, 2, 4, 5]],
  ['nchw,oc->nohw', [2, 3, 4, 5], [6, 3]],
  ['bchw,bkc->bkhw', [2, 3, 4, 5], [2, 6, 3]],
  ['ij,ij', [3, 4], [3, 4]],
  ['i,j->ij', [3], [4]],
  ['ij,jk->ik', [3, 4], [1, 5]],
  ['ij,jk->ikj', [3, 1], [4, 5]],
  ['bhwc,hkc->bhwk', [2, 3, 4, 5], [3, 6, 5]],
]

export const einsums: NamedCases = [
  ...equations.map(
    ([equation, a, b]) =>
      [
        `Einsum ${equation}`,
        { opset: 13, nodes: [['Einsum', ['a', 'b'], ['y'], { equation }]] as const, inputs: { a, b } },
      ] as const,
  ),
  ['Einsum of one', one(13, 'Einsum', [2, 3, 4], [], { equation: 'bij->bj' })],
  [
    'Einsum of three',
    {
      opset: 13,
      nodes: [['Einsum', ['a', 'b', 'c'], ['y'], { equation: 'ij,jk,kl->il' }]],
      inputs: { a: [2, 3], b: [3, 4], c: [4, 5] },
    },
  ],
]

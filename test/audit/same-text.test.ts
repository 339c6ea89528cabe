import { expect, it } from 'vitest'
import { isSameText } from '../../src/audit/same-text.ts'
import type { Frame, Graph } from '../../src/network/model.ts'

const frame: Frame = { start: 0, prefix: 0, begin: 0, end: 0 }

/** A graph with a graph in its node, and so on. */
function nested(depth: number, opType: string): Graph {
  const graph = depth > 0 ? nested(depth - 1, opType) : undefined
  const node = {
    ...{ frame, name: '', opType: depth > 0 ? 'If' : opType, domain: '', overload: '' },
    ...{ inputs: ['a "name"'], inputFrames: [frame], outputs: ['b\\'] },
    attributes: graph ? [{ frame, name: 'then_branch', graph }] : [],
  }
  return { name: '', frame, nodes: [node], values: [], outputs: [], initializers: [], inputs: [] }
}

it('graphs within graphs are compared in linear time and memory', () => {
  expect(isSameText(nested(90, 'Relu'), nested(90, 'Relu'))).toBe(true)
  expect(isSameText(nested(90, 'Relu'), nested(90, 'Tanh'))).toBe(false)
})

import { expect, it } from 'vitest'
import { readModel } from '../../src/models.ts'

// Tables of operators are objects, and every object of JavaScript has names that nobody put there.

const texts: Readonly<Record<string, (type: string) => string>> = {
  'ncnn.param': (type) => `7767517\n2 2\nInput in 0 1 a\n${type} own 1 1 a b\n`,
  'caffe.prototxt': (type) => `name: "n"\nlayer { name: "own" type: "${type}" bottom: "a" top: "b" }\n`,
  'darknet.cfg': (type) => `[net]\nheight=8\nwidth=8\n[${type}]\n`,
  'model.json': (type) =>
    JSON.stringify({ class_name: 'Sequential', config: [{ class_name: type, config: { name: 'own' } }] }),
  'openvino.xml': (type) =>
    `<net version="11"><layers><layer id="0" name="own" type="${type}"><output><port id="0"/></output></layer></layers></net>`,
  'graph.nnef': (type) => `version 1.0;\ngraph g(a) -> (b) { a = external(shape = [1]); b = ${type}(a); }`,
}

for (const [name, write] of Object.entries(texts)) {
  for (const type of ['constructor', 'toString', '__proto__', 'hasOwnProperty']) {
    it(`${name}: an operator called ${type} is one that is not known`, async () => {
      const { graph } = await readModel(new File([write(type)], name))
      expect(graph.nodes.map(({ opType, domain }) => [opType, domain])).toEqual([[type, expect.stringMatching(/./)]])
    })
  }
}

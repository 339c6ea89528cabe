import { describe, expect, it } from 'vitest'
import { commands } from '../../src/cli/run.ts'
import { modelFolder } from './model-folder.ts'
import { answered, typed } from './typed.ts'

describe('--json', () => {
  it('explain: the setting, what came of it, the steps, and who does the same', async () => {
    const answer = await answered('explain tf k3 s2 same --input 6')
    expect(Object.keys(answer)).toEqual(['setting', 'input', 'outcome', 'steps', 'answers'])
    expect(answer.setting).toEqual({ convention: 'tensorflow.same', op: 'conv', kernel: 3, stride: 2, dilation: 1 })
    expect(answer.outcome).toEqual({
      axis: { input: 6, kernel: 3, stride: 2, dilation: 1, padBegin: 0, padEnd: 1, output: 3 },
      zeros: [0, 0],
    })
    expect((answer.steps as unknown[])[1]).toEqual({
      name: 'padding in all',
      formula: 'P = max(0, (⌈n/s⌉ - 1) s + K - n)',
      numbers: 'max(0, (⌈6/2⌉ - 1) · 2 + 3 - 6)',
      value: 1,
    })
    const answers = answer.answers as {
      same: boolean
      outcome: object
      conventions: { id: string; fault?: string }[]
    }[]
    expect(answers.map(({ same }) => same)).toEqual(answers.map((_, index) => index === 0))
    expect(answers[0].conventions).toContainEqual({ id: 'tensorflow.same' })
    expect(answers[0].conventions).toContainEqual({ id: 'tengine.same-upper' })
    expect(answers[0].conventions.find(({ id }) => id === 'rten.same-lower')?.fault).toBe(
      'SAME_LOWER is run as SAME_UPPER',
    )
    expect(answers.at(-1)).toMatchObject({ outcome: { rejected: 'not supported for strided convolutions' } })
  })

  it('compare: the verdict and the residues', async () => {
    const answer = await answered('compare pytorch k3 s2 p1 tf k3 s2 same')
    expect(Object.keys(answer)).toEqual(['a', 'b', 'equal', 'modulus', 'residues', 'horizon', 'reason', 'smallest'])
    expect(answer).toMatchObject({
      equal: false,
      reason: 'at input 2 the second reads 1 cell later',
      smallest: { input: 2, phase: 1 },
      residues: [
        { residue: 0, equal: false, phase: 1, outputs: 0 },
        { residue: 1, equal: true, phase: 0, outputs: 0 },
      ],
    })
    expect((await answered('compare pytorch k3 s2 p1 tf k3 s2 same --input 225')).at).toMatchObject({
      input: 225,
      equal: true,
    })
  })

  it('code: the geometry and the code', async () => {
    const answer = await answered('code tf k3 s2 same --input 6 --to pytorch')
    expect(Object.keys(answer)).toEqual(['settings', 'framework', 'geometry', 'code'])
    expect(answer.framework).toBe('pytorch')
    expect(answer.geometry).toMatchObject({ op: 'conv', axes: [{ padBegin: 0, padEnd: 1, output: 3 }] })
    expect(answer.code).toContain('F.pad(x, (0, 1))')
  })

  it('sizes: the sizes and the chains', async () => {
    const answer = await answered('sizes k3s2 x2 --near 8')
    expect(answer).toMatchObject({ near: 8, below: 5, above: 9, step: 4, drift: { symmetric: 3, lower: 3 } })
    expect(answer.layers).toEqual(Array(2).fill({ kernel: 3, stride: 2, dilation: 1 }))
    expect((answer.chains as unknown[])[1]).toEqual({
      input: 9,
      layers: [
        { output: 5, pads: { upper: [1, 1], lower: [1, 1], symmetric: [1, 1] } },
        { output: 3, pads: { upper: [1, 1], lower: [1, 1], symmetric: [1, 1] } },
      ],
    })
  })

  it('phase: the layers of each chain, and how far they are apart', async () => {
    const answer = await answered('phase tf k3 s2 same x5 vs pytorch k3 s2 p1 x5 --input 224')
    const chains = answer.chains as { layers: object[]; receptiveField: object }[]
    expect(chains.map(({ layers }) => layers.length)).toEqual([5, 5])
    expect(chains[0].layers[4]).toMatchObject({ axis: { output: 7 }, jump: 32, centre: 31, shift: 1 })
    expect(chains[1].receptiveField).toEqual({ size: 63, jump: 32, start: -31 })
    expect(answer.apart).toEqual([-1, -3, -7, -15, -31])
  })

  it('transposed: the outputs', async () => {
    const { outputs } = await answered('transposed tf k3 s2 same --input 2')
    expect((outputs as unknown[])[1]).toEqual({
      ...{ output: 4, crop: [0, 1], centre: 1, tensorflow: 4, keras: null, jax: 'SAME' },
      ...{ pytorch: { crop: [0, 1] }, onnx: { pads: [0, 1], outputPadding: 0 } },
    })
  })

  it('diagnose: the groups, and the others', async () => {
    const answer = await answered('diagnose --input 1,2,3,4 --kernel 1,10 --output 10,21,32,43')
    expect(Object.keys(answer)).toEqual(['observation', 'groups', 'others'])
    const [[first]] = answer.groups as Record<string, unknown>[][]
    expect(Object.keys(first)).toEqual(['convention', 'setting', 'written', 'outcome', 'values'])
    expect(first).toMatchObject({ written: 'onnx.same-lower conv k2 s1', values: [10, 21, 32, 43] })
  })

  it('diagnose: values below 0, and numbers for which JSON has no word', async () => {
    const line = 'diagnose --input -7, --kernel 2 --dilation 2 --stride 1 --op maxpool --output -inf,'
    const { observation, groups } = (await answered(line)) as { observation: object; groups: { values: unknown }[][] }
    expect(observation).toMatchObject({ input: [-7], output: ['-Infinity'] })
    expect(groups[0][0].values).toEqual(['-Infinity'])
  })

  it('has the exit code of the answer for people', async () => {
    const lines = Object.values(commands).flatMap(({ examples }) => examples)
    for (const line of lines.filter((one) => !one.includes('--sarif'))) {
      const people = await typed(line, { cwd: modelFolder() })
      const data = await typed(`${line} --json`, { cwd: modelFolder() })
      expect(data.exitCode).toBe(people.exitCode)
      if (people.exitCode < 2) expect(() => JSON.parse(data.stdout)).not.toThrow()
    }
  })
})

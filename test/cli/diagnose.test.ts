import { describe, expect, it } from 'vitest'
import { shortName } from '../../src/cli/answers.ts'
import { diagnose, type Explanation, isRejected, type Observation } from '../../src/geometry.ts'
import { type Listed, listedIn } from './listed.ts'
import { answered, printed, typed } from './typed.ts'

const cases = {
  moved: '--input 1,2,3,4,5,6 --kernel 1,10,100 --stride 2 --output 210,432,654',
  transposed: '--input 1,10 --kernel 1,2,4 --stride 2 --op transposed --output 2,14,20,40',
  sizes: '--input 8 --kernel 1 --stride 4 --output 2',
  nothing: '--input 1,2,3 --kernel 1,10 --output 5,5,5',
}

describe('samepad diagnose', () => {
  it('says what made these numbers, the likeliest first', async () => {
    const text = await printed(`diagnose ${cases.moved}`, 0)
    expect(text).toMatch(/^Explained by padding of 1 before and 1 after\n {2}symmetric +pytorch, timm\n/)
    const names = listedIn(text).map(({ name, under }) => `${under}: ${name}`)
    for (const name of ['onnx same-lower', 'pytorch p1', 'tensorflow p1,0', 'ultralytics autopad', 'flux same-pad'])
      expect(names).toContain(`Explained by padding of 1 before and 1 after: ${name}`)
    for (const name of ['321 543 65: tensorflow same', '321 543: jax valid', '100 321 543: keras causal'])
      expect(names).toContain(name)
    expect(names).toContain('a refusal: pytorch same')
  })

  it('names the faulty ones, with what is wrong', async () => {
    const text = await printed(`diagnose ${cases.transposed}`, 0)
    const under = 'Explained by a crop of 1 before and 0 after'
    const swapped = 'faulty, SAME_UPPER and SAME_LOWER are swapped'
    const short = 'the output is shorter than input * stride where the kernel is smaller than the stride'
    expect(listedIn(text)).toEqual(
      expect.arrayContaining<Listed>([
        { under, name: 'pytorch p1 op1', reason: undefined },
        { under, name: 'onnx.opset-1 (< opset 11) same-upper', reason: swapped },
        { under, name: 'onnxruntime.before-1.13 (< 1.13) same-upper', reason: `${swapped}; ${short}` },
      ]),
    )
  })

  it('explains sizes, in as many ways as there are', async () => {
    const text = await printed(`diagnose ${cases.sizes}`, 0)
    const ways = [...text.matchAll(/^(?:Explained|Or) by (.*)$/gm)].map(([, way]) => way)
    expect(ways.slice(0, 2)).toEqual(['padding of 0 before and 0 after', 'padding of -1 before and -1 after'])
  })

  it('says that nothing explains it', async () => {
    const text = await printed(`diagnose ${cases.nothing}`, 1)
    expect(text).toMatch(/^No convention that samepad knows explains this\.\n\nThe others give\n {2}21 32 3\n/)
  })

  it.each(Object.values(cases))('lists what the library found, and what the others give: %s', async (line) => {
    const { observation } = (await answered(`diagnose ${line}`)) as { observation: Observation }
    const { groups, others } = diagnose(observation)
    const listed = listedIn(await printed(`diagnose ${line}`, groups.length > 0 ? 0 : 1))
    const isUnder = (under: string, { convention }: Explanation): boolean => {
      return listed.some((one) => one.under === under && one.name.startsWith(`${shortName(convention)} `))
    }
    const headings = [...new Set(listed.map(({ under }) => under))]
    groups.slice(0, 5).forEach((group, index) => {
      for (const one of group) expect(isUnder(headings[index], one), one.convention.id).toBe(true)
    })
    for (const one of others) {
      const { convention, outcome, values } = one
      if (convention.padding === 'explicit' || (isRejected(outcome) && outcome.outside)) continue
      const outputs = isRejected(outcome) ? 0 : outcome.axis.output
      const gives = values?.join(' ') ?? `${outputs} output${outputs === 1 ? '' : 's'}`
      expect(isUnder(isRejected(outcome) ? 'a refusal' : gives, one), convention.id).toBe(true)
    }
  })

  it('on two axes, padding that was given in the order of another framework', async () => {
    const line = "diagnose --input '1,2;3,4' --kernel '1,10;100,1000' --pads 1,0,2,0 --output '0,1000,2100;0,3010,4321'"
    const text = await printed(line, 0)
    const [heading, wrong] = text.replace(',\n', ', ').split('\n')
    expect(heading).toBe('Explained by padding of 1 and 0 above and below, 2 and 0 left and right')
    expect(wrong).toBe('Another order: you wrote t,l,b,r where t,b,l,r is read (jax, webnn, coreml, paddle)')
    expect(text).toMatch(/^ {2}p1,0 x p2,0 .*\bonnx\b/m)
    const meant = await printed(`${line} --order t,b,l,r`, 0)
    expect(meant).not.toContain('Another order')
    expect(await printed(line.replace('4321', '4322'), 1)).toBe('No convention that samepad knows explains this.\n')
  })

  it('finds the averages of onnxruntime from opset 19 that count the padding at the start alone', async () => {
    const line = 'diagnose --input 0,2,4,6,8,10 --kernel 5 --stride 1 --op averagepool --output 1.2,2.4,4,6,7,8'
    const names = listedIn(await printed(line, 0)).map(({ name }) => name)
    expect(names).toContain('onnxruntime.opset-19 (< 1.25) same-lower include')
  })

  it.each([
    ["--input '1,2;3' --kernel 1,10 --output 1", '--input must be rows of values such as 1,2,3;4,5,6, as many in each'],
    [
      "--input '1,2;3,4' --kernel '1;2' --output 1,2",
      '--output must be rows too, such as 1,2,3;4,5,6, where the input has rows',
    ],
    ["--input '1,2;3,4' --kernel 2x2 --output '1;2'", 'the weights must be given by rows'],
    [
      "--input '1,2;3,4' --kernel '1;2' --output '1;2' --pads 1,2",
      '--pads must be one number or, on two axes, four such as 0,1,0,1',
    ],
    [
      "--input '1,2;3,4' --kernel '1;2' --output '1;2' --stride 1x2x3",
      '--stride must be one number or two such as 2x1',
    ],
  ])('%s is refused', async (line, must) => {
    const { exitCode, stderr } = await typed(`diagnose ${line}`)
    expect(exitCode).toBe(2)
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(must)
  })

  it('a rule for other layers explains no error', async () => {
    expect(await printed('diagnose --input 10 --kernel 3 --stride 2 --op maxpool --output error', 0)).not.toMatch(
      /a refusal\n +same-dilated/,
    )
  })
})

it('names the onnxruntime that counted the padding of an average at its begin alone, and no other for what is right', async () => {
  const line = 'diagnose --op averagepool --input 0,2,4,6,8,10 --kernel 5 --stride 1 --output'
  const explained = async (values: string): Promise<string> =>
    (await printed(`${line} ${values}`, 0)).split('The others give')[0]
  expect(await explained('1.2,2.4,4,6,7,8')).toContain('onnxruntime.opset-19 (< 1.25) same-lower include')
  expect(await explained('2,3,4,6,7,8')).not.toContain('opset-19 (< 1.25) same-lower include')
})

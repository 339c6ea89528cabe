import { join } from 'node:path'
import { expect, it } from 'vitest'
import { audit, type Finding } from '../../src/models.ts'

const found = async (name: string, inputs = {}): Promise<readonly Finding[]> =>
  (await audit(join(import.meta.dirname, 'cases', `${name}.onnx`), { inputs })).findings

it('averages that count SAME_LOWER: onnxruntime goes wrong from operator set 19 on, nobody else', async () => {
  const [finding, ...others] = await found('avg19')
  expect(finding).toMatchObject({ rule: 'auto-pad-misread', severity: 'note' })
  expect(finding.message).toMatch(/^SAME_LOWER is read otherwise by onnxruntime \(< [\d.]+\): [^;]*$/)
  expect(others).toEqual([])
  expect(await found('avg11')).toEqual([])
})

it('automatic padding on open sizes names who goes wrong there, and only there', async () => {
  const says = (findings: readonly Finding[]): string => findings.map(({ message }) => message).join('\n')
  expect(says(await found('ovdyn'))).toContain('OpenVINO, GPU plugin (< 2025.4 on open sizes)')
  // The file leaves them open, whatever is given here.
  const given = await found('ovdyn', { x: [1, 14, 607, 1080] })
  expect(says(given)).toContain('OpenVINO, GPU plugin')
})

it('who refuses uneven pads is named, and averages, maxima and three axes have others', async () => {
  const [pool] = await found('asympool')
  expect(pool).toMatchObject({ rule: 'pads-refused-elsewhere', severity: 'note' })
  expect(pool.message).toContain('burn-onnx (< 0.21), onnx2torch (< 1.5.3), TT-Forge: takes one number for both sides')
  const conv = (await found('asym3d')).find(({ rule }) => rule === 'pads-refused-elsewhere')
  expect(conv?.message).toContain('OpenCV (< 4.5.4), burn-onnx (< 0.21), burn-onnx (on 3 axes)')
})

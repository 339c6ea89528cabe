import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { companionOf } from '../../src/models/companion.ts'

it('opens each file beside another one once, and none elsewhere', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'samepad-beside-'))
  try {
    writeFileSync(join(folder, 'weights.bin'), Uint8Array.of(1, 2, 3))
    const beside = companionOf(join(folder, 'model.onnx'))
    const opened = await beside.open('weights.bin')
    expect(opened?.size).toBe(3)
    expect(await beside.open('weights.bin')).toBe(opened)
    expect(await beside.open('./weights.bin')).toBe(opened)
    for (const name of ['', '..', '../weights.bin', `${folder}/weights.bin`, 'other.bin']) {
      expect(await beside.open(name)).toBeUndefined()
    }
    expect([...beside.missing]).toEqual(['', '..', '../weights.bin', `${folder}/weights.bin`, 'other.bin'])
    beside.close()
    expect(() => opened?.read(0, 1)).toThrow()
  } finally {
    rmSync(folder, { recursive: true })
  }
})

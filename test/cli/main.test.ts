import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { printed } from './typed.ts'

const run = promisify(execFile)
const main = join(import.meta.dirname, '../../dist/node/main.js')

describe('the built command line', () => {
  it('can be run by a shell', async () => {
    expect(readFileSync(main, 'utf8').split('\n')[0]).toBe('#!/usr/bin/env node')
  })

  it('prints what it prints in process, without colour in a pipe', async () => {
    const line = 'explain tf k3 s2 same --input 224'
    const { stdout, stderr } = await run('node', [main, ...line.split(' ')])
    expect([stdout, stderr]).toEqual([await printed(line, 0), ''])
  })

  it.each([
    [1, 'compare pytorch k3 s2 p1 -- tf k3 s2 same'],
    [2, 'explain tf k3'],
  ])('exits with %i', async (code, line) => {
    await expect(run('node', [main, ...line.split(' ')])).rejects.toMatchObject({ code })
  })

  it.skipIf(process.platform !== 'linux')('says so when there is no room for the answer', async () => {
    const failed = run('bash', ['-c', `node ${main} --version > /dev/full`])
    await expect(failed).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(/^samepad: .*ENOSPC.*\n$/) })
  })

  it('says nothing when its reader has seen enough', async () => {
    const many = `node ${main} phase tf k3 same x1000 --input 1000 --json`
    const { stderr } = await run('bash', ['-c', `${many} | head -n 1`])
    expect(stderr).toBe('')
  })
})

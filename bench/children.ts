import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

/**
 * Asks a process that has run nothing before.
 *
 * @param file of bench/, which reads the question from its first argument and sends the answer
 */
export async function ask<Answer>(file: string, question: unknown): Promise<Answer> {
  const child = fork(join(import.meta.dirname, file), [JSON.stringify(question)])
  const [answer] = (await Promise.race([once(child, 'message'), failure(child, file)])) as [Answer]
  return answer
}

async function failure(child: ReturnType<typeof fork>, file: string): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`the process of ${file} ended with code ${code}`)
}

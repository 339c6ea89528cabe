import { SamepadError } from 'samepad/geometry'
import { redisAddress } from '../queue/redis.ts'
import { type Typed, textOf } from './options.ts'

// What commands say of the queue.

/** Whether somebody asks for a queue. The environment alone does not: a run stays on its machine then. */
export const isQueued = ({ options }: Typed): boolean =>
  options.redis !== undefined || options['redis-file'] !== undefined || options.queued === true

export const queueAddress = (given: Typed): URL => redisAddress(textOf(given, 'redis'), textOf(given, 'redis-file'))

export function queueName(given: Typed): string {
  const name = textOf(given, 'queue') ?? 'samepad-tiles'
  if (/^[\w.-]{1,64}$/.test(name)) return name
  throw new SamepadError('queue', '--queue must be of letters, digits, points and dashes', name)
}

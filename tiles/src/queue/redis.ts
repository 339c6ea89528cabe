import { readFileSync } from 'node:fs'
import type { RedisOptions } from 'ioredis'
import { SamepadError, Verbatim } from 'samepad/geometry'

const STAGE = 'redis'

/** The variables of the environment that hold what nobody but the user may see. */
export const ADDRESS = 'SAMEPAD_TILES_REDIS'
const AUTHORITY = 'SAMEPAD_TILES_REDIS_CA'

/** BullMQ's scripts and a stream's trimming ask for it. */
const LEAST_VERSION = [6, 2]

/** Where Redis is: what was typed after `--redis`, the environment, or the file after `--redis-file`. */
export function redisAddress(given: string | undefined, file: string | undefined): URL {
  if (given !== undefined && file !== undefined)
    throw new SamepadError(STAGE, 'there must be one of --redis and --redis-file', new Verbatim('both'))
  const text = given ?? (file === undefined ? process.env[ADDRESS] : textOf(file))
  if (text === undefined || text === '') {
    throw new SamepadError(STAGE, `there must be --redis, --redis-file or ${ADDRESS}`, new Verbatim('none'))
  }
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url?.protocol !== 'redis:' && url?.protocol !== 'rediss:') {
    // Neither is shown: what is no address may be a password.
    throw new SamepadError(
      STAGE,
      'an address must be redis://host:port, or rediss:// for TLS',
      new Verbatim('another text'),
    )
  }
  if (given !== undefined && url.password !== '') {
    const must = `a password must not be an argument, which every user of the machine sees: use ${ADDRESS} or --redis-file`
    throw new SamepadError(STAGE, must, new Verbatim(`redis://...@${url.host}`))
  }
  return url
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch (error) {
    const must = '--redis-file must be a file that this user may read'
    throw new SamepadError(STAGE, must, new Verbatim((error as Error).message))
  }
}

/** Options of a connection that comes back by itself. */
export function connectionOf(url: URL) {
  const authority = process.env[AUTHORITY]
  return {
    host: url.hostname,
    port: Number(url.port || 6379),
    db: Number(url.pathname.slice(1) || 0),
    ...(url.username !== '' && { username: decodeURIComponent(url.username) }),
    ...(url.password !== '' && { password: decodeURIComponent(url.password) }),
    ...(url.protocol === 'rediss:' && { tls: authority === undefined ? {} : { ca: readFileSync(authority) } }),
    // What is asked waits until Redis is there again.
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(2_000, 100 * times),
  } satisfies RedisOptions
}

/** Checks that a server answers, is new enough, and drops nothing when its memory is full. */
export async function checkRedis(url: URL): Promise<void> {
  const { Redis } = await import('ioredis')
  const redis = new Redis({
    ...connectionOf(url),
    lazyConnect: true,
    enableReadyCheck: false, // what is asked below tells what is wrong
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  })
  // Told below: what ends the connection says why, and the answers that wait only that it has ended.
  let why: Error | undefined
  redis.on('error', (error) => {
    why ??= error
  })
  try {
    await redis.connect()
    const text = await redis.info()
    const version = /redis_version:([\d.]+)/.exec(text)?.[1] ?? '0'
    const [major, minor] = version.split('.').map(Number)
    if (major < LEAST_VERSION[0] || (major === LEAST_VERSION[0] && minor < LEAST_VERSION[1])) {
      throw new SamepadError(STAGE, `Redis must be of version ${LEAST_VERSION.join('.')} or later`, version)
    }
    const policy = /maxmemory_policy:(\S+)/.exec(text)?.[1]
    if (policy !== undefined && policy !== 'noeviction') {
      throw new SamepadError(
        STAGE,
        'maxmemory-policy must be noeviction: jobs would vanish when memory is full',
        policy,
      )
    }
  } catch (error) {
    if (error instanceof SamepadError) throw error
    const { message } = why ?? (error as Error)
    const isSecret = /NOAUTH|WRONGPASS|NOPERM/.test(message)
    const must = isSecret
      ? `user and password in ${ADDRESS} or --redis-file must be those of the server at ${url.host}`
      : `a server must answer at ${url.host}`
    throw new SamepadError(STAGE, must, new Verbatim(message))
  } finally {
    redis.disconnect()
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'
import { newFolder } from './fixtures.ts'

/** A Redis of its own, which keeps what it has in a folder. */
export interface TestRedis {
  readonly url: string
  /** Ends it at once, and starts it again on what it had written. */
  restart(pause?: number): Promise<void>
  stop(): Promise<void>
}

/** Starts Debian's redis-server with an append-only file. */
export async function startRedis(...options: string[]): Promise<TestRedis> {
  const [port, folder] = [await freePort(), newFolder()]
  const start = async () => {
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'yes', '--save', '']
    const child = spawn('redis-server', [...args, ...options], { stdio: 'ignore' })
    child.on('error', () => {
      throw new Error('redis-server must be installed (apt-get install redis-server)')
    })
    await answers(port)
    return child
  }
  let server = await start()
  const end = async (signal: NodeJS.Signals): Promise<void> => {
    const ended = once(server, 'exit')
    server.kill(signal)
    await ended
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    restart: async (pause = 0) => {
      await end('SIGKILL')
      await new Promise((resolve) => setTimeout(resolve, pause))
      server = await start()
    },
    stop: () => end('SIGTERM'),
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Waits until a server answers, if only to ask for a password. */
async function answers(port: number): Promise<void> {
  while (!(await asked(port))) await new Promise((resolve) => setTimeout(resolve, 50))
}

function asked(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('PING\r\n'))
    socket.on('data', (text) => {
      socket.destroy()
      resolve(/^\+PONG|^-NOAUTH/.test(String(text)))
    })
    socket.on('error', () => resolve(false))
  })
}

import { createServer, type Server } from 'node:http'
import type { JobOutcome } from './worker.ts'

/** Counts of a worker, as Prometheus reads them. */
export class WorkerMetrics {
  readonly #pieces = { done: 0, there: 0, failed: 0 }
  readonly #seconds = { read: 0, compute: 0, write: 0 }
  readonly #bytes = { read: 0, written: 0 }

  readonly add = (outcome: JobOutcome): void => {
    if ('error' in outcome) this.#pieces.failed++
    else if ('isThere' in outcome) this.#pieces.there++
    else {
      const { seconds, bytes } = outcome.report
      this.#pieces.done++
      for (const name of ['read', 'compute', 'write'] as const) this.#seconds[name] += seconds[name]
      for (const name of ['read', 'written'] as const) this.#bytes[name] += bytes[name]
    }
  }

  /** The text of Prometheus, version 0.0.4. */
  text(): string {
    return [
      ...family('samepad_tiles_pieces_total', 'pieces that jobs asked for', 'result', this.#pieces),
      ...family('samepad_tiles_seconds_total', 'seconds that pieces took', 'stage', this.#seconds),
      ...family('samepad_tiles_bytes_total', 'bytes of inputs and outputs', 'direction', this.#bytes),
      '',
    ].join('\n')
  }
}

function family(name: string, help: string, label: string, values: Readonly<Record<string, number>>): string[] {
  return [
    `# HELP ${name} ${help}`,
    `# TYPE ${name} counter`,
    ...Object.entries(values).map(([key, value]) => `${name}{${label}="${key}"} ${value}`),
  ]
}

/** Serves a text at `/metrics`. */
export function serveMetrics(place: { readonly host: string; readonly port: number }, text: () => string): Server {
  const server = createServer((request, response) => {
    const isThere = request.url === '/metrics' && request.method === 'GET'
    response.writeHead(isThere ? 200 : 404, { 'content-type': 'text/plain; version=0.0.4' }).end(isThere ? text() : '')
  })
  return server.listen(place.port, place.host)
}

import { messageOf } from '../../state/message.ts'
import { Learner } from './learner.ts'
import type { Reply, Request } from './messages.ts'

// Beside the page: a network that learns while the page draws how far it is.

let learner: Learner | undefined
let newest: Request | undefined

self.onmessage = async ({ data: request }: MessageEvent<Request>) => {
  newest = request
  const tell = (reply: Omit<Reply, 'id'>): void => self.postMessage({ ...reply, id: request.id } satisfies Reply)
  try {
    learner ??= new Learner(request.seed, request.batch)
    tell({ progress: learner.look(request.isRunning && !learner.isDone) })
    while (newest === request && request.isRunning && !learner.isDone) {
      const end = performance.now() + request.every
      while (performance.now() < end && !learner.isDone) learner.learn()
      await new Promise((seen) => setTimeout(seen)) // a message may wait already
      if (newest === request) tell({ progress: learner.look(!learner.isDone) })
    }
  } catch (error) {
    tell({ refusal: messageOf(error) })
  }
}

import { openSizes } from 'samepad/tiles'
import { messageOf } from '../../state/message.ts'
import type { Reply, Request } from './open-messages.ts'

// Beside the page: rewrites a model that was exported for one size, so that it takes any.

self.onmessage = async ({ data: { id, model } }: MessageEvent<Request>) => {
  const answer = await openSizes(model).then(
    (opened) => ({ opened }),
    (error) => ({ refusal: messageOf(error) }),
  )
  self.postMessage({ ...answer, id } satisfies Reply)
}

import { loadBlazeFace } from '../../examples/face/network.ts'
import * as samepad from '../../examples/face/samepad.ts'
import { difference } from '../agreement.ts'
import type { Packages } from '../engines/packages.ts'
import { peers as names, type Peer } from '../engines/peers.ts'
import { type Budget, interleave } from '../interleave.ts'
import { progress } from '../progress.ts'
import type { Face } from '../results.ts'
import type { Values } from '../tensors.ts'

const data = 'examples/face/data'
const model = 'bench/node_modules/@mediapipe/face_detection/face_detection_short_range.tflite'

/** The network of examples/face, layer by layer on samepad, beside LiteRT.js on the file that MediaPipe ships of it. */
export async function measureFace(packages: Packages, peers: readonly Peer[], budget: Budget): Promise<Face[]> {
  progress('the network of examples/face')
  const [weights, expected] = await Promise.all(
    ['blazeface-front', 'expected'].map(async (name) =>
      samepad.readSafetensors(await packages.file(`${data}/${name}.safetensors`)),
    ),
  )
  const image = expected.get('input')
  const input = samepad.programTensor(image.shape, image.data)
  const detect = loadBlazeFace(weights, { padding: 'same' })
  const own = detect(input).outputs
  const wrong = Object.entries(own)
    .map(([name, { data, shape }]) => difference(expected.get(name), { data, shape }))
    .find((found) => found !== undefined)
  const runs = [{ engine: 'samepad', wrong, run: (): unknown => detect(input) }]
  const peer = peers.includes('litert') ? await onLiteRt(packages, image, joined(expected)) : undefined
  if (peer) runs.push({ engine: names.litert, ...peer })
  const times = await interleave(
    runs.map(({ run }) => run),
    budget,
  )
  peer?.release()
  return runs.map(({ engine, wrong }, index) => ({ engine, ms: times[index], wrong }))
}

/** Boxes and scores as the file of MediaPipe gives them: those of both maps together. */
function joined(expected: samepad.Safetensors): Values[] {
  return ['boxes', 'scores'].map((name) => {
    const [first, second] = [16, 8].map((cells) => expected.get(`${name}${cells}`))
    return { data: Float32Array.of(...first.data, ...second.data), shape: [1, 896, first.shape[2]] }
  })
}

async function onLiteRt(
  packages: Packages,
  { data, shape }: Values,
  expected: readonly Values[],
): Promise<{ readonly run: () => unknown; readonly wrong: string | undefined; readonly release: () => void }> {
  const { loadAndCompile, Tensor } = await packages.liteRt()
  const compiled = await loadAndCompile(await packages.file(model), {
    accelerator: 'wasm',
    cpuOptions: { numThreads: 1 },
  })
  const x = new Tensor(data, shape)
  const outputs = await compiled.run(x)
  const found: (string | undefined)[] = []
  for (const [index, y] of outputs.entries()) {
    found.push(difference(expected[index], { data: await y.data(), shape: expected[index].shape }))
    y.delete()
  }
  return {
    wrong: found.find((one) => one !== undefined),
    run: async () => {
      for (const y of await compiled.run(x)) y.delete()
    },
    release: () => {
      x.delete()
      compiled.delete()
    },
  }
}

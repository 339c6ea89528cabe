import detector from '../../../examples/ports/detector.param?url'
import { samples } from './samples.ts'
import { type SampleName, sampleNames } from './state.ts'

/** What gives the files of the networks that come with the page. */
export const sampleFiles = Object.fromEntries(
  sampleNames.map((name) => {
    const { text } = samples[name]
    return [name, async () => (text === undefined ? (await fetch(detector)).blob() : new Blob([text]))]
  }),
) as Readonly<Record<SampleName, () => Promise<Blob>>>

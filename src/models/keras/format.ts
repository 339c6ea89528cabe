import type { Format } from '../format.ts'
import { readKerasArchive, readKerasH5 } from './read.ts'

export const keras: Format = {
  name: 'Keras',
  endings: ['.keras'],
  matches: ({ entries }) => entries.includes('config.json'),
  read: readKerasArchive,
}

export const kerasH5: Format = {
  name: 'Keras H5',
  endings: ['.h5', '.hdf5'],
  matches: ({ text }) => text.startsWith('\x89HDF\r\n\x1a\n'),
  read: readKerasH5,
}

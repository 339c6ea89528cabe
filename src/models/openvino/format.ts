import type { Format } from '../format.ts'
import { readOpenvino } from './read.ts'

export const openvino: Format = {
  name: 'OpenVINO IR',
  endings: ['.xml'],
  sharesEndings: true,
  matches: ({ text }) => /^(\xef\xbb\xbf)?\s*(<\?xml[^>]*>\s*)?<net\s/.test(text),
  read: readOpenvino,
}

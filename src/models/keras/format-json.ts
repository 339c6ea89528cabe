import type { Format } from '../format.ts'
import { readLayersModel } from './read.ts'

export const layersModel: Format = {
  name: 'TensorFlow.js layers-model',
  endings: ['.json'],
  sharesEndings: true,
  matches: ({ text }) =>
    /^\s*\{/.test(text) &&
    /"layers-model"|"model_config"|"class_name"\s*:\s*"(Functional|Model|Sequential)"/.test(text),
  read: readLayersModel,
}

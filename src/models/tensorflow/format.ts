import type { Format } from '../format.ts'
import { readGraphModel } from './read-json.ts'
import { readGraphDef, readSavedModel } from './read-proto.ts'

/** Models of TensorFlow.js are JSON; those of layers are Keras's. */
export const graphModel: Format = {
  name: 'TensorFlow.js graph-model',
  endings: ['.json'],
  sharesEndings: true,
  matches: ({ text }) => /^\s*\{/.test(text) && /"graph-model"|"modelTopology"\s*:\s*\{\s*"node"/.test(text),
  read: readGraphModel,
}

/** A version of the schema, then its graphs. */
export const savedModel: Format = {
  name: 'SavedModel',
  endings: ['saved_model.pb'],
  inFolder: ['saved_model.pb'],
  matches: ({ name, text }) => name === 'saved_model.pb' || text.startsWith('\x08\x01\x12'),
  read: readSavedModel,
}

/** A row of nodes, each of which begins with its name. */
export const graphDef: Format = {
  name: 'GraphDef',
  endings: ['.pb'],
  sharesEndings: true,
  matches: ({ name, text }) => name.endsWith('.pb') && text.startsWith('\x0a'),
  read: readGraphDef,
}

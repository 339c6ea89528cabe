export { SamepadError } from '../../../src/geometry/index.ts'
export * from '../../../src/models.ts'

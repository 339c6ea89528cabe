// The entry `samepad-tiles`: runs into stores of one's own.

export type { Stored, Storing } from './engine/values.ts'
export type { FeedOptions } from './model/feed.ts'
export type { PictureOptions } from './picture/picture.ts'
export type { RunPiece } from './plan/run-plan.ts'
export type { Progress } from './run/progress.ts'
export { type RunOptions, runInto } from './run/run-into.ts'
export type { OnPiece } from './run/run-pieces.ts'
export { type ByteRange, type ChunkStore, FolderStore } from './store/folder-store.ts'

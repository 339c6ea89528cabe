// The entry `samepad/tiles`: pictures cut into pieces that give what the whole gives.

export type { AxisPiece, KeptCells, TileAxis } from './tiles/axis-plan.ts'
export type { HaloShare, Interval } from './tiles/halo.ts'
export { type OpenedNode, type OpenedSizes, openSizes } from './tiles/open-sizes.ts'
export { type TiledOutput, type TileOptions, type TilePlan, tiles } from './tiles/tiles.ts'

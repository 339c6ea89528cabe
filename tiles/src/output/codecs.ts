import { promisify } from 'node:util'
import { gunzip, gzip } from 'node:zlib'
import { registry } from 'zarrita'

// How chunks of a Zarr are compressed: codecs as the file names them.

const GZIP_LEVEL = 5

/** What stands behind the codec `bytes`. */
const compressions = {
  none: [],
  gzip: [{ name: 'gzip', configuration: { level: GZIP_LEVEL } }],
  zstd: [{ name: 'zstd', configuration: { level: 3, checksum: false } }],
} as const

export type Compression = keyof typeof compressions

export const compressionNames = Object.keys(compressions) as readonly Compression[]

/** The codecs of an array. */
export const codecsOf = (compression: Compression) => [
  // Without `bytes` the list could be empty, which other readers refuse.
  { name: 'bytes', configuration: { endian: 'little' } },
  ...compressions[compression],
]

/** zarrita reads gzip and does not write it; zlib does both, beside the main thread. */
registry.set('gzip', async () => ({
  fromConfig: () => ({
    kind: 'bytes_to_bytes' as const,
    encode: async (bytes: Uint8Array) => new Uint8Array(await promisify(gzip)(bytes, { level: GZIP_LEVEL })),
    decode: async (bytes: Uint8Array) => new Uint8Array(await promisify(gunzip)(bytes)),
  }),
}))

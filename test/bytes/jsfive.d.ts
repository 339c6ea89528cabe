declare module 'jsfive' {
  /** A file of HDF5. */
  export class File {
    constructor(bytes: ArrayBuffer, name: string)
    readonly attrs: Readonly<Record<string, unknown>>
  }
}

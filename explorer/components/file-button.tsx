interface Props {
  readonly label: string
  /** Kinds of files, as `accept` of an input has them. */
  readonly accept: string
  /** Whether several may be chosen at once. */
  readonly several?: boolean
  readonly onFiles: (files: readonly File[]) => void
}

/** A button that lets the reader choose a file, which stays in the page. */
export function FileButton({ label, accept, several, onFiles }: Props) {
  return (
    <label class="file">
      <input
        type="file"
        class="unseen"
        accept={accept}
        multiple={several}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])]
          currentTarget.value = '' // the same file may be chosen again
          if (files.length > 0) onFiles(files)
        }}
      />
      <span>{label}</span>
    </label>
  )
}

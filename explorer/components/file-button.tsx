interface Props {
  readonly label: string
  /** Kinds of files, as `accept` of an input has them. */
  readonly accept: string
  readonly onFile: (file: File) => void
}

/** A button that lets the reader choose a file, which stays in the page. */
export function FileButton({ label, accept, onFile }: Props) {
  return (
    <label class="file">
      <input
        type="file"
        class="unseen"
        accept={accept}
        onChange={({ currentTarget }) => {
          const file = currentTarget.files?.[0]
          currentTarget.value = '' // the same file may be chosen again
          if (file) onFile(file)
        }}
      />
      <span>{label}</span>
    </label>
  )
}

import { useEffect, useState } from 'preact/hooks'

interface Props {
  /** What is copied, asked for when the button is pressed. */
  readonly text: () => string
  readonly label: string
}

/** A button that copies a text, and says so. */
export function CopyButton({ text, label }: Props) {
  const [said, setSaid] = useState<string>()
  useEffect(() => {
    if (!said) return
    const timer = setTimeout(() => setSaid(undefined), 2000)
    return () => clearTimeout(timer)
  }, [said])
  return (
    <button
      type="button"
      class="copy"
      onClick={async () => setSaid((await copy(text())) ? 'Copied' : 'Not allowed here')}
    >
      {said ?? label}
      <span class="unseen" role="status">
        {said}
      </span>
    </button>
  )
}

/** Copies a text; the second way is for pages that are not served safely, where there is no clipboard. */
async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    const area = document.createElement('textarea')
    area.value = text
    document.body.append(area)
    area.select()
    const done = document.execCommand('copy')
    area.remove()
    return done
  }
}

import { useEffect, useRef, useState } from 'preact/hooks'

/**
 * Takes files that are dropped anywhere on the page, or pasted.
 *
 * @returns whether one hangs over the page right now
 */
export function useDroppedFile(onFile: (file: File) => void): boolean {
  const take = useRef(onFile)
  take.current = onFile
  const [over, setOver] = useState(false)
  useEffect(() => {
    const hover = (event: DragEvent): void => {
      if (!event.dataTransfer?.types.includes('Files')) return
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent): void => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent): void => {
      setOver(false)
      const file = event.dataTransfer?.files[0]
      if (!file) return
      event.preventDefault()
      take.current(file)
    }
    const paste = ({ clipboardData }: ClipboardEvent): void => {
      const file = clipboardData?.files[0]
      if (file) take.current(file)
    }
    addEventListener('dragover', hover)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    addEventListener('paste', paste)
    return () => {
      removeEventListener('dragover', hover)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
      removeEventListener('paste', paste)
    }
  }, [])
  return over
}

import { useState } from 'preact/hooks'
import { counted } from '../../../../src/words/numbers.ts'
import { FileButton } from '../../../components/file-button.tsx'
import { useGiven } from '../../../components/use-given.ts'
import { ownClasses } from '../../../state/given.ts'
import { messageOf } from '../../../state/message.ts'
import { readClassNames } from './class-names.ts'

/** Takes the names of an output's classes, which no model file has. */
export function ClassesField({ count }: { count: number }) {
  const classes = useGiven(ownClasses)
  const [refusal, setRefusal] = useState<string>()
  const take = async ([file]: readonly File[]): Promise<void> => {
    try {
      ownClasses.give({ file: file.name, names: readClassNames(await file.text()) })
      setRefusal(undefined)
    } catch (error) {
      setRefusal(messageOf(error))
    }
  }
  return (
    <div class="classes-field">
      <FileButton label="Names of the classes…" accept=".txt,.json,.csv" onFiles={take} />
      <small class="muted" role="status">
        {refusal ?? (classes ? saidOf(classes.names.length, classes.file, count) : 'A text file with a name a line.')}
      </small>
    </div>
  )
}

/** How many names there are, and whether they are as many as the output has entries. */
function saidOf(names: number, file: string, count: number): string {
  const has = `${counted(names, 'name')} of ${file}`
  if (names === count) return has
  if (names === count - 1) return `${has}; the first entry stands for none of them`
  return `${has}, but this output has ${count} entries`
}

import {
  conventionOf,
  findConvention,
  formatSetting,
  type Op,
  parseSettings,
  type Setting,
  type Unsaid,
} from 'samepad/geometry'

/** A layer that a text describes in full, as the page's fields have it. */
export interface PastedLayer {
  readonly op: Op
  /** The settings along the first and the second axis. */
  readonly settings: readonly [Setting, Setting]
  /** The setting without what the fields say: `pytorch p3`. */
  readonly rule: string
}

/** The layer of a text, such as a line of a program; undefined where it leaves sizes to the fields, or means nothing. */
export function pastedLayer(text: string, unsaid: Unsaid = {}): PastedLayer | undefined {
  try {
    const [first, second = first] = parseSettings(text, unsaid)
    return { op: first.op, settings: [first, second], rule: ruleOf(first, second) }
  } catch {
    return undefined
  }
}

/** The words of a setting besides operation, kernel, stride and dilation, for two axes: `onnx p1,0x2`. */
function ruleOf(first: Setting, second: Setting): string {
  const { framework, padding, id } = conventionOf(first.convention)
  const isUsual = findConvention(framework, first.op, padding)?.id === id
  const name = !isUsual ? [id] : padding === 'explicit' ? [framework] : [framework, padding]
  const [own, other] = [first, second].map((setting) =>
    formatSetting(setting)
      .split(' ')
      .filter((word) => word !== setting.convention && word !== setting.op && !/^[ksd]\d/.test(word)),
  )
  const words = own.map((word, index) => {
    const across = other[index] ?? word
    return word === across ? word : `${word}x${across.replace(/^[a-z]+/, '')}`
  })
  return [...name, ...words].join(' ')
}

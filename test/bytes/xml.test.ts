import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { SaxesParser } from 'saxes'
import { describe, expect, it } from 'vitest'
import { readXml, type XmlElement } from '../../src/bytes/xml.ts'
import fc from '../fast-check.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** An element as both readers can show it. */
interface Shown {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: Shown[]
}

const show = ({ name, attributes, children }: XmlElement): Shown => ({
  name,
  attributes: Object.fromEntries([...attributes].map(([key, { value }]) => [key, value])),
  children: children.map(show),
})

/** What saxes makes of a document; it throws on what is not well formed. */
function bySaxes(text: string): Shown {
  const root: Shown = { name: '', attributes: {}, children: [] }
  const open = [root]
  const parser = new SaxesParser()
  parser.on('error', (error) => {
    throw error
  })
  parser.on('opentag', ({ name, attributes }) => {
    const element = { name, attributes: { ...(attributes as Record<string, string>) }, children: [] }
    open[open.length - 1].children.push(element)
    open.push(element)
  })
  parser.on('closetag', () => void open.pop())
  parser.write(text).close()
  return root.children[0]
}

/** Random documents, as programs write them and as nobody does. */
const name = fc.constantFrom('net', 'layer', 'data', 'auto_pad', 'a-b', 'x.y', '_', 'é', 'ns:port')
const value = fc
  .array(
    fc.constantFrom(
      '1,1',
      ' ',
      '\n',
      '\r\n',
      '\t',
      '&lt;',
      '&amp;',
      '&#65;',
      '&#x1F600;',
      '&quot;',
      '&apos;',
      '>',
      'ü',
      "'",
      '=',
    ),
  )
  .map((parts) => parts.join(''))
const attributes = fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }).chain((pairs) =>
  fc.array(fc.constantFrom(' ', '\n  ', '\t', '  '), { minLength: 1, maxLength: 5 }).map((gaps) =>
    Object.entries(pairs)
      .map(([key, text], index) => `${gaps[index % gaps.length]}${key} = "${text}"`)
      .join(''),
  ),
)
const between = fc.constantFrom(
  '',
  ' text ',
  '<!-- <a b="c"> -- >'.replace(' -- >', ' -->'),
  '<![CDATA[ <no> ]]>',
  '<?pi <x> ?>',
  '&gt;',
  '\n',
)
const { element } = fc.letrec<{ element: string; children: string }>((tie) => ({
  element: fc
    .tuple(name, attributes, tie('children'), fc.boolean())
    .map(([tag, list, inner, isShort]) =>
      isShort && inner === '' ? `<${tag}${list}/>` : `<${tag}${list} >${inner}</${tag}\n>`,
    ),
  children: fc.oneof(
    { maxDepth: 4 },
    between,
    fc
      .array(
        fc.tuple(between, tie('element'), between).map((parts) => parts.join('')),
        { maxLength: 3 },
      )
      .map((parts) => parts.join('')),
  ),
}))

it('random documents are what saxes makes of them', () => {
  fc.assert(
    fc.property(element, fc.constantFrom('', '<?xml version="1.0" encoding="utf-8"?>\n<!-- x -->'), (body, head) => {
      expect(show(readXml(bytesOf(head + body)))).toEqual(bySaxes(head + body))
    }),
    { numRuns: 1000 },
  )
})

it('whatever saxes reads of a spoilt document is read the same', () => {
  const spoil = fc.tuple(
    element,
    fc.nat(),
    fc.constantFrom('<', '>', '"', '&', '/', '', '=', '<a>', '</a>', '<!--', ']]>'),
  )
  fc.assert(
    fc.property(spoil, ([body, at, mark]) => {
      const place = at % (body.length + 1)
      const text = body.slice(0, place) + mark + body.slice(place + Number(mark === ''))
      let expected: Shown | undefined
      try {
        expected = bySaxes(text)
      } catch {
        // What saxes refuses may be read here: this reader looks at elements and attributes alone.
        try {
          readXml(bytesOf(text))
        } catch (error) {
          expect(String(error)).toMatch(/xml: .*, got /)
        }
        return
      }
      expect(show(readXml(bytesOf(text)))).toEqual(expected)
    }),
    { numRuns: 2000 },
  )
})

describe('places', () => {
  it('are those of bytes, to the byte, behind letters of several bytes', () => {
    fc.assert(
      fc.property(element, (body) => {
        const bytes = bytesOf(`<!-- é😀 -->${body}`)
        const check = (one: XmlElement): void => {
          const whole = textOf(bytes.subarray(one.place.begin, one.place.end))
          expect(whole.startsWith(`<${one.name}`) && whole.endsWith('>')).toBe(true)
          for (const [key, { place, whole: all }] of one.attributes) {
            expect(textOf(bytes.subarray(all.begin, all.end)).trim()).toBe(
              `${key} = "${textOf(bytes.subarray(place.begin, place.end))}"`,
            )
          }
          one.children.forEach(check)
        }
        check(readXml(bytes))
      }),
      { numRuns: 300 },
    )
  })
})

describe('hostile documents', () => {
  it.each([
    ['a document type', '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', /must have no document type/],
    ['an entity of its own', '<a b="&c;"/>', /an entity must be one of/],
    ['a number without its end', '<a b="&#65"/>', /an entity must be one of/],
    ['a number beyond all letters', '<a b="&#x110000;"/>', /an entity must be one of/],
    ['an attribute twice', '<a b="1" b="2"/>', /attribute b must stand once/],
    ['an attribute without quotes', '<a b=1/>', /must have a value in quotes/],
    ['elements that cross', '<a><b></a></b>', /<\/b> must come next/],
    ['elements that are left open', '<a><b></b>', /<a> must be closed/],
    ['two of them', '<a/><b/>', /one element, got 2/],
    ['none', ' <!-- --> ', /one element, got 0/],
    ['a comment without end', '<a><!-- ', /--> must follow/],
    ['257 deep', '<a>'.repeat(300), /at most 256 deep/],
    ['a name of 300 letters', `<${'a'.repeat(300)}/>`, /1 to 256 bytes/],
  ])('%s', (_, text, expected) => {
    expect(() => readXml(bytesOf(text))).toThrow(expected)
  })

  it('256 deep is read', () => {
    expect(readXml(bytesOf('<a>'.repeat(256) + '</a>'.repeat(256))).name).toBe('a')
  })
})

const models = process.env.MODELS
const folder = models === undefined ? undefined : join(models, 'openvino')
if (folder !== undefined && existsSync(folder)) {
  it.each(readdirSync(folder).filter((file) => file.endsWith('.xml')))('%s is what saxes makes of it', (file) => {
    const text = readFileSync(join(folder, file), 'utf8')
    expect(show(readXml(bytesOf(text)))).toEqual(bySaxes(text))
  })
}

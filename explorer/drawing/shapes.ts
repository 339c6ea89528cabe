// A drawing taken out of the page: its shapes with the styles that the page's sheets give them, written as an SVG file
// that needs no sheet, or painted. (An image of the SVG would be shorter, but the page's policy allows no such address.)

import { linesOf } from './text.ts'

/** A shape as it is seen. */
export interface Shape {
  readonly tag: string
  /** Where it is: the attributes that its tag needs. */
  readonly place: Readonly<Record<string, string>>
  /** What it looks like, as presentation attributes. */
  readonly look: Readonly<Record<string, string>>
  readonly text: string
  /** From the shape's own lengths to the drawing's. */
  readonly matrix: DOMMatrix
}

const places: Readonly<Record<string, readonly string[]>> = {
  rect: ['x', 'y', 'width', 'height', 'rx'],
  circle: ['cx', 'cy', 'r'],
  line: ['x1', 'y1', 'x2', 'y2'],
  path: ['d'],
  text: ['x', 'y'],
}
const looks = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
]
const fonts = ['font-family', 'font-size', 'font-weight', 'font-style', 'text-anchor', 'dominant-baseline']

/** Every shape of a drawing that can be seen, from back to front; what is there to be pointed at is none of it. */
export function shapesOf(svg: SVGSVGElement): Shape[] {
  const base = svg.getScreenCTM()?.inverse() ?? new DOMMatrix()
  return [...svg.querySelectorAll<SVGGraphicsElement>(Object.keys(places).join(','))].flatMap((element): Shape[] => {
    const style = getComputedStyle(element)
    if (style.display === 'none' || style.visibility === 'hidden' || element.closest('[data-tool]')) return []
    const tag = element.tagName
    const place = places[tag].map((name) => [name, element.getAttribute(name) ?? ''] as const)
    const names = tag === 'text' ? [...looks, ...fonts] : looks
    const matrix = base.multiply(element.getScreenCTM() ?? new DOMMatrix())
    return [
      {
        tag,
        place: Object.fromEntries(place.filter(([, value]) => value !== '')),
        look: Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name)])),
        text: tag === 'text' ? (element.textContent ?? '') : '',
        matrix,
      },
    ]
  })
}

/** What is drawn of a drawing, and on what. */
export interface Sheet {
  readonly shapes: readonly Shape[]
  readonly width: number
  readonly height: number
  readonly paper: string
  readonly title: string
}

/** The drawing of an element of the page. */
export function sheetOf(svg: SVGSVGElement): Sheet {
  for (const movement of svg.getAnimations({ subtree: true })) movement.finish()
  const { width, height } = svg.viewBox.baseVal
  const paper = getComputedStyle(svg.closest('figure') ?? document.body).backgroundColor
  const title = svg.getAttribute('aria-label') ?? ''
  const lines = linesOf(title, width)
  const shapes = [...shapesOf(svg), ...lines.map((text, at) => captionOf(svg, text, height + LINE * (at + 1.4)))]
  return { shapes, width, height: height + LINE * (lines.length + 0.6), paper, title }
}

const LINE = 18

/** A line of what a saved drawing shows, so that it says so wherever it goes. */
function captionOf(svg: SVGSVGElement, text: string, y: number): Shape {
  const style = getComputedStyle(svg)
  const family = style.getPropertyValue('font-family')
  const look = { fill: style.color, stroke: 'none', opacity: '1', 'fill-opacity': '1', 'font-family': family }
  return {
    tag: 'text',
    place: { x: '0', y: String(y) },
    look: { ...look, 'font-size': '13px', 'font-weight': '400', 'font-style': 'normal' },
    text,
    matrix: new DOMMatrix(),
  }
}

const EDGE = 16 // of paper around the drawing
const MOST_PIXELS = 16_384 // along a side: no browser paints a larger canvas

/** A sheet as the text of an SVG file. */
export function toSvg({ shapes, width, height, paper, title }: Sheet): string {
  const lines = shapes.map(({ tag, place, look, text, matrix }) => {
    const { a, b, c, d, e, f } = matrix
    const transform = matrix.isIdentity ? {} : { transform: `matrix(${[a, b, c, d, e, f].map(short).join(' ')})` }
    const attributes = Object.entries({ ...place, ...look, ...transform }).map(
      ([name, value]) => `${name}="${escaped(value)}"`,
    )
    return `<${tag} ${attributes.join(' ')}${text ? `>${escaped(text)}</${tag}>` : '/>'}`
  })
  const box = [-EDGE, -EDGE, width + 2 * EDGE, height + 2 * EDGE]
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${box.join(' ')}" width="${box[2]}" height="${box[3]}">`,
    `<title>${escaped(title)}</title>`,
    `<rect x="${-EDGE}" y="${-EDGE}" width="${box[2]}" height="${box[3]}" fill="${escaped(paper)}"/>`,
    ...lines,
    '</svg>',
    '',
  ].join('\n')
}

const short = (value: number): number => Math.round(value * 1000) / 1000
const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escaped = (text: string): string => text.replace(/[&<>"]/g, (char) => entities[char])

/** A sheet as a PNG file, so many dots to a unit, or as many as a canvas has for a long one. */
export function toPng({ shapes, width, height, paper }: Sheet, dots: number): Promise<Blob | null> {
  const canvas = document.createElement('canvas')
  const scale = Math.min(dots, MOST_PIXELS / (Math.max(width, height) + 2 * EDGE))
  canvas.width = Math.ceil((width + 2 * EDGE) * scale)
  canvas.height = Math.ceil((height + 2 * EDGE) * scale)
  const brush = canvas.getContext('2d')!
  brush.fillStyle = paper
  brush.fillRect(0, 0, canvas.width, canvas.height)
  for (const shape of shapes) {
    brush.setTransform(scale, 0, 0, scale, EDGE * scale, EDGE * scale)
    const { a, b, c, d, e, f } = shape.matrix
    brush.transform(a, b, c, d, e, f)
    if (shape.tag === 'text') paintText(brush, shape)
    else paintPath(brush, shape)
  }
  return new Promise((done) => canvas.toBlob(done, 'image/png'))
}

function paintPath(brush: CanvasRenderingContext2D, { tag, place, look }: Shape): void {
  const path = pathOf(tag, place)
  if (look.fill !== 'none' && tag !== 'line') {
    brush.globalAlpha = Number(look.opacity) * Number(look['fill-opacity'])
    brush.fillStyle = look.fill
    brush.fill(path)
  }
  if (look.stroke === 'none') return
  brush.globalAlpha = Number(look.opacity)
  brush.strokeStyle = look.stroke
  brush.lineWidth = Number.parseFloat(look['stroke-width'])
  brush.lineCap = look['stroke-linecap'] as CanvasLineCap
  brush.lineJoin = look['stroke-linejoin'] as CanvasLineJoin
  brush.setLineDash(
    look['stroke-dasharray'] === 'none' ? [] : look['stroke-dasharray'].split(/[ ,]+/).map(Number.parseFloat),
  )
  brush.stroke(path)
}

function pathOf(tag: string, place: Shape['place']): Path2D {
  if (tag === 'path') return new Path2D(place.d)
  const path = new Path2D()
  const [x, y, width, height, rx] = places.rect.map((name) => Number(place[name] ?? 0))
  if (tag === 'rect') path.roundRect(x, y, width, height, rx)
  else if (tag === 'circle') path.arc(Number(place.cx), Number(place.cy), Number(place.r), 0, 2 * Math.PI)
  else {
    path.moveTo(Number(place.x1), Number(place.y1))
    path.lineTo(Number(place.x2), Number(place.y2))
  }
  return path
}

const anchors: Readonly<Record<string, CanvasTextAlign>> = { start: 'left', middle: 'center', end: 'right' }

function paintText(brush: CanvasRenderingContext2D, { place, look, text }: Shape): void {
  brush.globalAlpha = Number(look.opacity)
  brush.fillStyle = look.fill
  brush.font = `${look['font-style']} ${look['font-weight']} ${look['font-size']} ${look['font-family']}`
  brush.textAlign = anchors[look['text-anchor']] ?? 'left'
  brush.textBaseline = look['dominant-baseline'] === 'central' ? 'middle' : 'alphabetic'
  brush.fillText(text, Number(place.x ?? 0), Number(place.y ?? 0))
}

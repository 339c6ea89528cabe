import type { Growth, Results } from './results.ts'

const PANEL = { width: 300, height: 220, left: 44, right: 10, top: 34, bottom: 40, gap: 20 } as const
/** Lines by engine: a colour for light pages and one for dark ones. */
const colours = [
  ['#0060a8', '#6ab8f7'],
  ['#45a0d8', '#b5dcf7'],
  ['#d55e00', '#f08c3c'],
  ['#009e73', '#3cc79c'],
] as const
const labels: Readonly<Record<Growth['along'], string>> = {
  area: 'cells of the input',
  channels: 'channels',
  batch: 'images of a batch',
}
const TICK = 20

/** GF/s of each engine along each axis, as an SVG that reads on light and dark pages. */
export function drawGrowth({ growth, limit }: Pick<Results, 'growth' | 'limit'>): string {
  const engines = [...new Set(growth.map(({ engine }) => engine))]
  const alongs = [...new Set(growth.map(({ along }) => along))]
  const top = Math.ceil(Math.max(limit.gflops, ...growth.map(({ gflops }) => gflops)) / TICK) * TICK
  const panels = alongs.map((along, index) => {
    const points = growth.filter((one) => one.along === along)
    return panel(points, engines, { top, limit: limit.gflops }, index * (PANEL.width + PANEL.gap))
  })
  const width = alongs.length * (PANEL.width + PANEL.gap)
  const size = `viewBox="0 0 ${width} ${PANEL.height + 40}" font-family="system-ui, sans-serif" font-size="12"`
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="GF/s against input area, channels and batch">`,
    `<style>${style(engines)}</style>`,
    ...panels.flat(),
    ...[...engines, "WebAssembly's limit"].map(key),
    '</svg>',
    '',
  ].join('\n')
}

function style(engines: readonly string[]): string {
  const paint = (dark: 0 | 1): string =>
    engines.map((_, index) => `.e${index}{stroke:${colours[index % colours.length][dark]}}`).join('')
  const light = `text{fill:#222}.grid{stroke:#ccc}.e${engines.length}{stroke:#666;stroke-dasharray:5 3}${paint(0)}`
  const dark = `text{fill:#ddd}.grid{stroke:#444}.e${engines.length}{stroke:#aaa}${paint(1)}`
  return `polyline,.e${engines.length}{fill:none;stroke-width:2}${light}@media(prefers-color-scheme:dark){${dark}}`
}

function panel(
  points: readonly Growth[],
  engines: readonly string[],
  { top, limit }: { top: number; limit: number },
  left: number,
): string[] {
  const sizes = [...new Set(points.map(({ size }) => size))]
  const span = { x: PANEL.width - PANEL.left - PANEL.right, y: PANEL.height - PANEL.top - PANEL.bottom }
  const x = (size: number): string =>
    (PANEL.left + (sizes.indexOf(size) / Math.max(1, sizes.length - 1)) * span.x).toFixed(1)
  const y = (gflops: number): string => (PANEL.top + (1 - gflops / top) * span.y).toFixed(1)
  const ticks = Array.from({ length: top / TICK + 1 }, (_, index) => index * TICK)
  const label = (at: string, anchor: string, text: string | number): string =>
    `<text ${at} text-anchor="${anchor}">${text}</text>`
  const below = PANEL.height - PANEL.bottom + 18
  return [
    `<g transform="translate(${left} 0)">`,
    label(`x="${PANEL.left}" y="18"`, 'start', `GF/s against ${labels[points[0].along]}`),
    ...ticks.flatMap((tick) => [
      `<path class="grid" d="M${PANEL.left} ${y(tick)}h${span.x}"/>`,
      label(`x="${PANEL.left - 6}" y="${y(tick)}" dy="4"`, 'end', tick),
    ]),
    ...sizes.map((size) => label(`x="${x(size)}" y="${below}"`, 'middle', size)),
    `<path class="e${engines.length}" d="M${PANEL.left} ${y(limit)}h${span.x}"/>`,
    ...engines.map((engine, index) => {
      const line = points.filter((one) => one.engine === engine).map((one) => `${x(one.size)},${y(one.gflops)}`)
      return `<polyline class="e${index}" points="${line.join(' ')}"/>`
    }),
    '</g>',
  ]
}

function key(name: string, index: number): string {
  const at = `translate(${PANEL.left + index * 160} ${PANEL.height + 22})`
  return `<g transform="${at}"><path class="e${index}" stroke-width="2" d="M0 0h18"/><text x="24" y="4">${name}</text></g>`
}

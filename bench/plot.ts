import type { Growth } from './results.ts'

const PANEL = { width: 300, height: 220, left: 44, top: 34, bottom: 40 } as const
const colours = ['#0072b2', '#56b4e9', '#d55e00', '#009e73']
const labels: Readonly<Record<Growth['along'], string>> = {
  area: 'cells of the input',
  channels: 'channels',
  batch: 'images',
}

/** GF/s of each engine along each axis, as an SVG that reads on light and dark pages. */
export function drawGrowth(growth: readonly Growth[]): string {
  const engines = [...new Set(growth.map(({ engine }) => engine))]
  const alongs = [...new Set(growth.map(({ along }) => along))]
  const top = Math.ceil(Math.max(...growth.map(({ gflops }) => gflops)) / 20) * 20
  const panels = alongs.map((along, index) =>
    panel(
      growth.filter((one) => one.along === along),
      engines,
      top,
      index * (PANEL.width + 20),
    ),
  )
  const key = engines.map((engine, index) => {
    const x = PANEL.left + index * 160
    return `<g transform="translate(${x} ${PANEL.height + 22})"><path d="M0 0h18" stroke="${colours[index]}" stroke-width="2"/><text x="24" y="4">${engine}</text></g>`
  })
  const width = alongs.length * (PANEL.width + 20)
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${PANEL.height + 40}" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label="GF/s against input area, channels and batch">`,
    '<style>text{fill:#222}.grid{stroke:#ccc}@media(prefers-color-scheme:dark){text{fill:#ddd}.grid{stroke:#444}}</style>',
    ...panels.flat(),
    ...key,
    '</svg>',
    '',
  ].join('\n')
}

function panel(points: readonly Growth[], engines: readonly string[], top: number, left: number): string[] {
  const sizes = [...new Set(points.map(({ size }) => size))]
  const span = { x: PANEL.width - PANEL.left - 10, y: PANEL.height - PANEL.top - PANEL.bottom }
  const x = (size: number): number => PANEL.left + (sizes.indexOf(size) / Math.max(1, sizes.length - 1)) * span.x
  const y = (gflops: number): number => PANEL.top + (1 - gflops / top) * span.y
  const ticks = Array.from({ length: top / 20 + 1 }, (_, index) => index * 20)
  return [
    `<g transform="translate(${left} 0)">`,
    `<text x="${PANEL.left}" y="18">GF/s against ${labels[points[0].along]}</text>`,
    ...ticks.map(
      (tick) =>
        `<path class="grid" d="M${PANEL.left} ${y(tick)}h${span.x}"/><text x="${PANEL.left - 6}" y="${y(tick) + 4}" text-anchor="end">${tick}</text>`,
    ),
    ...sizes.map(
      (size) => `<text x="${x(size)}" y="${PANEL.height - PANEL.bottom + 18}" text-anchor="middle">${size}</text>`,
    ),
    ...engines.map((engine, index) => {
      const line = points
        .filter((one) => one.engine === engine)
        .map((one) => `${x(one.size).toFixed(1)},${y(one.gflops).toFixed(1)}`)
      return `<polyline points="${line.join(' ')}" fill="none" stroke="${colours[index]}" stroke-width="2"/>`
    }),
    '</g>',
  ]
}

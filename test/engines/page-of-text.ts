import { Picture } from '../../examples/face/picture.ts'

/** A page with three lines of text. */
export function pageOfText(): Picture {
  const page = new Picture(640, 256)
  page.fill({ x: 0, y: 0, width: 640, height: 256 }, [250, 250, 250])
  for (const [row, line] of ['SAME PADDING', 'output 224', 'kernel 3 x 3'].entries()) {
    page.text(32, 24 + 76 * row, line, 5, [20, 20, 40])
  }
  return page
}

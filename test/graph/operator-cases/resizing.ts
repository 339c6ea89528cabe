import type { NodeOf } from '../onnx-bytes.ts'
import { floats, longs, type NamedCases, NONE, one, picture, real } from './case.ts'

// Pictures of another size, and pictures that are read between their cells.

export const resizes: NamedCases = [
  ['linear, antialias', one(18, 'Resize', picture, [NONE, NONE, longs(2, 3, 4, 5)], { mode: 'linear', antialias: 1 })],
  ['cubic, antialias', one(18, 'Resize', picture, [NONE, NONE, longs(2, 3, 4, 5)], { mode: 'cubic', antialias: 1 })],
  [
    'not larger',
    one(18, 'Resize', picture, [NONE, NONE, longs(4, 6)], {
      mode: 'linear',
      axes: [2, 3],
      keep_aspect_ratio_policy: 'not_larger',
    }),
  ],
  [
    'not smaller',
    one(19, 'Resize', picture, [NONE, NONE, longs(10, 20)], {
      mode: 'nearest',
      axes: [2, 3],
      keep_aspect_ratio_policy: 'not_smaller',
    }),
  ],
  ['axes turned', one(18, 'Resize', picture, [NONE, floats(2, 1.5)], { mode: 'linear', axes: [3, 2] })],
  [
    'half_pixel_symmetric',
    one(19, 'Resize', picture, [NONE, floats(1, 1, 0.6, 1.7)], {
      mode: 'linear',
      coordinate_transformation_mode: 'half_pixel_symmetric',
    }),
  ],
  [
    'crop',
    one(13, 'Resize', picture, [floats(0, 0, 0.1, -0.2, 1, 1, 0.8, 1.3), NONE, longs(2, 3, 5, 6)], {
      mode: 'linear',
      coordinate_transformation_mode: 'tf_crop_and_resize',
      extrapolation_value: { float: 3 },
    }),
  ],
  [
    'crop, nearest',
    one(13, 'Resize', picture, [floats(0, 0, 0.1, 0.2, 1, 1, 0.8, 0.9), floats(1, 1, 0.9, 0.5)], {
      coordinate_transformation_mode: 'tf_crop_and_resize',
    }),
  ],
  ['operator set 10, smaller', one(10, 'Resize', picture, [floats(1, 1, 0.6, 0.4)], { mode: 'nearest' })],
  ['operator set 10, both', one(10, 'Resize', picture, [floats(1, 1, 0.6, 1.7)], { mode: 'nearest' })],
  ['operator set 10, larger', one(10, 'Resize', picture, [floats(1, 1, 2, 1.7)], { mode: 'nearest' })],
  ['operator set 10, linear', one(10, 'Resize', picture, [floats(1, 1, 0.6, 1.7)], { mode: 'linear' })],
  ['Upsample 9', one(9, 'Upsample', picture, [floats(1, 1, 2, 1.5)], { mode: 'nearest' })],
  [
    'align_corners',
    one(13, 'Resize', picture, [NONE, NONE, longs(2, 3, 13, 5)], {
      mode: 'linear',
      coordinate_transformation_mode: 'align_corners',
    }),
  ],
  ['four axes', one(13, 'Resize', picture, [NONE, NONE, longs(3, 2, 5, 12)])],
  ['four axes by scales', one(13, 'Resize', picture, [NONE, floats(1.5, 2, 0.7, 1.4)], { nearest_mode: 'floor' })],
  ['the first axis and the last', one(13, 'Resize', picture, [NONE, floats(2, 1, 1, 0.6)])],
  [
    'align_corners, whole scales',
    one(13, 'Resize', picture, [NONE, floats(1, 1, 2, 3)], {
      mode: 'cubic',
      coordinate_transformation_mode: 'align_corners',
    }),
  ],
  ...['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil'].map(
    (nearest_mode) =>
      [
        `nearest ${nearest_mode}`,
        one(13, 'Resize', picture, [NONE, floats(1, 1, 0.7, 1.6)], { nearest_mode }),
      ] as const,
  ),
]

export const grids: NamedCases = ['zeros', 'border', 'reflection'].flatMap((padding_mode) =>
  ['linear', 'nearest', 'cubic'].flatMap((mode) =>
    [0, 1].map((align_corners) => {
      const nodes: NodeOf[] = [
        ['Mul', ['g', 'two'], ['far']],
        ['GridSample', ['x', 'far'], ['y'], { mode, padding_mode, align_corners }],
      ]
      const made = { opset: 20, nodes, inputs: { x: [2, 3, 5, 6], g: [2, 4, 3, 2] }, constants: { two: real(1.6) } }
      return [`GridSample ${mode} ${padding_mode} ${align_corners}`, made] as const
    }),
  ),
)

import { spelledFrameworks } from 'samepad/geometry'
import type { PartName } from '../../explorer/state/url.ts'
import { chainRuleNames } from '../../explorer/views/network/chain.ts'
import fc from '../fast-check.ts'

const sizes = fc.integer({ min: 1, max: 5000 }).map(String)
const rule = fc.constantFrom('tf same', 'pytorch p1', 'onnx SAME_LOWER', 'pytorch p0,2 ceil', 'pytorch same reflect')

const numbers = fc.constantFrom('1,2,3', '[1 2.5 -3]', '7', '5,')
const chainRule = fc.constantFrom(...chainRuleNames)

/** Texts for every part of the state. */
const texts: Readonly<Record<PartName, fc.Arbitrary<string>>> = {
  op: fc.constantFrom('conv', 'convTranspose', 'maxPool', 'averagePool'),
  ...{ input: sizes, kernel: sizes, stride: sizes, dilation: sizes },
  ...{ width: sizes, kernel2: sizes, stride2: sizes, dilation2: sizes },
  rules: fc.array(rule, { minLength: 1, maxLength: 6 }).map((list) => list.join(';')),
  ...{ output: fc.nat().map(String), output2: fc.nat().map(String) },
  values: fc.constantFrom('no', 'yes'),
  filter: fc.constantFrom('edges', 'edges-down', 'blur', 'identity', '1 2;3 4', '0.5 -1e-7 2'),
  side: fc.integer({ min: 8, max: 512 }).map(String),
  gain: fc.constantFrom('auto', '1', '16'),
  depth: fc.integer({ min: 1, max: 6 }).map(String),
  ...{ sample: fc.constantFrom('no', 'yes'), unsafe: fc.constantFrom('no', 'yes') },
  ...{ rewrite: fc.constantFrom('findings', 'symmetric'), nodes: fc.constantFrom('telling', 'all') },
  ...{ run: fc.constantFrom('no', 'yes'), photo: fc.constantFrom('portrait', 'cat') },
  scaling: fc.constantFrom('auto', 'signed', 'imagenet'),
  ...{ fit: fc.constantFrom('cut', 'letterbox'), colours: fc.constantFrom('rgb', 'bgr') },
  versus: fc.constantFrom('auto', 'symmetric', 'tf-same'),
  pixels: fc.constantFrom('', '128', '96x160', '64 × 48'),
  dims: fc.constantFrom('height:480;width:64', 'a%3Ab:7'),
  sampleNet: fc.constantFrom('unet', 'detector', 'attending'),
  ...{ high: sizes, wide: sizes, tile: sizes, halo: fc.constantFrom('', '0', '12'), piece: fc.nat(99).map(String) },
  ...{ seed: fc.nat(999).map(String), batch: fc.integer({ min: 1, max: 256 }).map(String) },
  chain: fc.constantFrom('k7 s2, maxpool k3 s2, k3 x3', 'k5', 'k3 s2 x5', 'transposed k4 s2, k3 d2, averagepool k2'),
  size: sizes,
  ...{ first: chainRule, second: chainRule },
  step: fc.constantFrom('1', '4', '6'),
  ...{ given: numbers, weights: numbers, got: fc.oneof(numbers, fc.constant('error')) },
  ...{ to: fc.constantFrom(...spelledFrameworks), axes: fc.constantFrom('1', '2'), from: fc.nat(9).map(String) },
}

/** What somebody may have typed into some of the fields. */
export const links: fc.Arbitrary<[PartName, string][]> = fc.array(
  fc.constantFrom(...(Object.keys(texts) as PartName[])).chain((name) => fc.tuple(fc.constant(name), texts[name])),
)

import { describe, expect, it } from 'vitest'
import { type Pickled, readPickle } from '../../src/bytes/pickle.ts'

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))

/** Maps as lists of pairs, so that what differs is shown. */
const plain = (value: Pickled): unknown =>
  value instanceof Map
    ? [...value].map(([key, one]) => [key, plain(one)])
    : Array.isArray(value)
      ? value.map(plain)
      : value

const HEX =
  '80027d71002858010000006171014b0158010000006271025d7103284b014b024b036558010000006371044b014b028671055801000000' +
  '647106580400000074657874710758010000006571084e580100000066710988580100000067710a473ff8000000000000580100000068' +
  '710b4af9ffffff580100000069710c4d2c0158010000006a710d4a7011010058010000006b710e8a0600000000000158010000006c710f' +
  '8a060000000000ff58010000006d71102958010000006e71114b0185711258010000006f7113284b014b024b034b047471145801000000' +
  '7071157d711658010000007871175d71187d71196173580100000071711a5802000000c3a9711b580100000072711c63636f6c6c656374' +
  '696f6e730a4f726465726564446963740a711d2952711e752e'

describe('a pickle of protocol 2', () => {
  // python3 -c "import pickle; print(pickle.dumps(..., protocol=2).hex())"
  it('of every kind of value', () => {
    const bytes = Buffer.from(HEX, 'hex')
    expect(plain(readPickle(Uint8Array.from(bytes)))).toEqual([
      ...[
        ['a', 1],
        ['b', [1, 2, 3]],
        ['c', [1, 2]],
        ['d', 'text'],
        ['e', null],
        ['f', true],
        ['g', 1.5],
        ['h', -7],
      ],
      ...[
        ['i', 300],
        ['j', 70000],
        ['k', 2 ** 40],
        ['l', -(2 ** 40)],
        ['m', []],
        ['n', [1]],
        ['o', [1, 2, 3, 4]],
      ],
      ...[
        ['p', [['x', [[]]]]],
        ['q', 'é'],
      ],
      ['r', { className: 'collections.OrderedDict', arguments: [], state: null }],
    ])
  })

  it('an object is its class, what it is made of and its state, and nothing is called', () => {
    const value = readPickle(latin1('\x80\x02cos\nsystem\nX\x02\x00\x00\x00ls\x85R}X\x01\x00\x00\x00aK\x01sb.'))
    expect(value).toEqual({ className: 'os.system', arguments: ['ls'], state: new Map([['a', 1]]) })
  })

  it('a persistent one is told as such', () => {
    expect(readPickle(latin1('\x80\x02K\x05Q.'))).toEqual({ className: 'persistent', arguments: 5, state: null })
  })

  it.each([
    ['breaks off', '\x80\x02X\x09\x00\x00\x00ab.', /^pickle: a value must end within the pickle/],
    ['has no end', '\x80\x02K\x01', /^pickle: a pickle must end with its mark/],
    ['ends with nothing', '\x80\x02.', /^pickle: an instruction must find its values/],
    ['has a list without a mark', '\x80\x02K\x01t.', /^pickle: a list must have a mark/],
    ['has another instruction', '\x80\x02?.', /^pickle: an instruction must be one of protocol 2, got 0x3f/],
    ['remembers at a huge number', '\x80\x02K\x01r\xff\xff\xff\xff.', /^pickle: a number of the memo must be at most/],
  ])('one that %s is told', (_, text, message) => {
    expect(() => readPickle(latin1(text))).toThrow(message)
  })
})

import { describe, expect, it } from 'vitest'
import { Pace } from '../../src/run/threads/pace.ts'

type Way = Pace['way']

/** Runs so often what takes so long on either way; how often each way was taken. */
function runs(pace: Pace, count: number, time: (way: Way, run: number) => number): Record<Way, number> {
  const taken = { several: 0, alone: 0 }
  for (let run = 0; run < count; run++) {
    const { way } = pace
    taken[way]++
    pace.took(time(way, run))
  }
  return taken
}

describe('the pace of something that runs again and again', () => {
  it.each([0.1, 1, 5, 30, 300])('is that of several threads where those are quicker: %d ms', (ms) => {
    const { alone } = runs(new Pace(), 2000, (way) => (way === 'several' ? ms : 1.7 * ms))
    expect(alone).toBeGreaterThan(0)
    expect(alone).toBeLessThan(50)
  })

  it.each([0.1, 1, 5, 30, 300])('is that of one where there is no other processor: %d ms', (ms) => {
    const pace = new Pace()
    const { several } = runs(pace, 2000, (way) => (way === 'several' ? 2 * ms : ms))
    expect(several).toBeLessThan(100)
    expect(runs(pace, 2560, (way) => (way === 'several' ? 2 * ms : ms)).several).toBeLessThanOrEqual(100)
  })

  it('tries the other way in the third run, once where runs are long', () => {
    const ways: Way[] = []
    runs(new Pace(), 30, (way) => {
      ways.push(way)
      return way === 'several' ? 60 : 100
    })
    expect(ways.indexOf('alone')).toBe(2)
    expect(ways.filter((way) => way === 'alone').length).toBe(3)
  })

  it('does not mind that the very first runs are slow', () => {
    const pace = new Pace()
    const time = (way: Way, run: number): number => (way === 'several' ? 1 : 1.6) * (run < 6 ? 20 / (run + 1) : 1)
    runs(pace, 60, time)
    expect(runs(pace, 500, () => 1).several).toBeGreaterThan(400)
  })

  it('changes within some runs when a processor goes, and when it comes back', () => {
    const pace = new Pace()
    const both = (way: Way): number => (way === 'several' ? 3 : 5)
    const one = (way: Way): number => (way === 'several' ? 11 : 5)
    runs(pace, 1000, both)
    expect(runs(pace, 1000, one).several).toBeLessThan(60)
    expect(runs(pace, 1000, both).several).toBeGreaterThan(600)
  })

  it('sees through runs of several threads of which half are disturbed', () => {
    const pace = new Pace()
    const time = (way: Way, run: number): number => (way === 'alone' ? 9 : run % 2 === 0 ? 11 : 5)
    expect(runs(pace, 400, time).alone).toBeLessThan(60)
  })

  it('comes back soon where the first trials were disturbed', () => {
    const pace = new Pace()
    runs(pace, 30, (way) => (way === 'alone' ? 9 : 12))
    expect(runs(pace, 100, (way) => (way === 'alone' ? 9 : 5)).several).toBeGreaterThan(60)
  })

  it('is not changed by a run that something disturbed', () => {
    const pace = new Pace()
    const { alone } = runs(pace, 2000, (way, run) => (way === 'several' ? 3 : 5) + (run % 7 === 0 ? 30 : 0))
    expect(alone).toBeLessThan(100)
  })
})

/**
 * Lets something happen as often as it is wanted for a while, and then only so often. Browsers count how often a page
 * changes its address: Safari refuses more than 100 times in 30 seconds, Chromium more than 200 in 10.
 *
 * @param burst how often at once
 * @param perSecond how often in the long run
 * @returns asked at a time in milliseconds, how long to wait; 0 counts as done
 */
export function allowance(burst: number, perSecond: number): (now: number) => number {
  let [left, last] = [burst, 0]
  return (now) => {
    left = Math.min(burst, left + ((now - last) / 1000) * perSecond)
    last = now
    if (left < 1) return Math.ceil(((1 - left) / perSecond) * 1000)
    left--
    return 0
  }
}

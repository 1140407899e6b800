/** How often a run is probed and reported, which depends on the clock and on the cost of probing. */
import { describe, expect, it } from 'vitest';
import { Pace } from '../../engine/train/pace.ts';

/** Runs steps until `until`. A step takes `plain` milliseconds, or `probed` if it is probed; the first probed one takes `first`. */
function run(plain: number, probed: number, until: number, first = probed) {
  let time = 0;
  const pace = new Pace({ now: () => time });
  const probes: number[] = [];
  for (let step = 0; time < until; step++) {
    pace.stepBegins(1);
    const due = pace.probeDue();
    if (due) probes.push(time);
    time += step === 0 ? first : due ? probed : plain;
    pace.stepEnds(due);
    if (pace.sliceOver()) pace.sliceBegins();
  }
  return { probes, share: ((probes.length - 1) * (probed - plain)) / (time - first) };
}

describe('the pace of a run', () => {
  it.each([0.001, 0.03, 2, 30])(
    'probes about ten times a second if steps of %d ms become hardly longer',
    (step) => {
      const { probes } = run(step, 1.01 * step, 3000);
      expect(probes.length).toBeGreaterThan(20);
      expect(probes.length).toBeLessThanOrEqual(31);
    },
  );

  it.each([0.001, 0.03, 2, 30, 200])(
    'spends a hundredth of the time on probes that double steps of %d ms',
    (step) => {
      const { probes, share } = run(step, 2 * step, step < 1 ? 2000 : 100_000);
      expect(probes.length).toBeGreaterThan(1);
      expect(share).toBeLessThan(0.0125);
    },
  );

  it('is not slowed down by a first step that takes long', () => {
    expect(run(2, 2.1, 3000, 500).probes.length).toBeGreaterThan(20);
  });
});

describe('the details of a run', () => {
  /** The times at which a run with plain steps of 10 ms measures details, if these take `takes` milliseconds. */
  function details(takes: number, until: number): number[] {
    let time = 0;
    const pace = new Pace({ now: () => time });
    const times: number[] = [];
    while (time < until) {
      pace.stepBegins(1);
      const due = pace.probeDue() && pace.detailDue();
      if (due) times.push(time);
      time += due ? 10 + takes : 10;
      if (due) pace.detailEnds();
      else pace.stepEnds(false);
    }
    return times;
  }
  const gaps = (times: readonly number[]) => times.slice(1).map((time, index) => time - times[index]);

  it('are measured soon after the first step, which is reported sooner without them, and then every two seconds if they cost little', () => {
    const times = details(2, 60_000);
    expect(times[0]).toBeGreaterThan(0);
    expect(times[0]).toBeLessThan(150);
    expect(times[1]).toBeLessThan(500);
    expect(Math.max(...gaps(times))).toBeLessThan(2300);
    expect(times.length).toBeLessThanOrEqual(36);
  });

  it('take a two-hundredth of the time if they cost much', () => {
    const times = details(100, 600_000);
    expect(times.length).toBeGreaterThan(10);
    expect((100 * times.length) / 600_000).toBeLessThan(0.006);
  });
});

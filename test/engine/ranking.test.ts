/** Which statistics come first beside a layer's line, and when their order changes. */
import { describe, expect, it } from 'vitest';
import { shortStats } from '../../engine/stats/format.ts';
import { Ranking } from '../../engine/stats/ranking.ts';

const healthy = { mean: 1, std: 2, saturatedFraction: 0, gradNorm: 3 };
const saturated = { ...healthy, saturatedFraction: 0.9 };

/** The labels of statistics in their order, after readings of a layer at these steps, with epochs of ten steps. */
function labelsAfter(
  readings: readonly (readonly [step: number, stats: typeof healthy])[],
  findings: readonly object[] = [],
) {
  const ranking = new Ranking();
  for (const [step, layer] of readings) ranking.note({ step, layers: { layer } }, 10, findings as []);
  const [, stats] = readings.at(-1)!;
  const rank = ranking.rankOf('layer');
  return shortStats(stats, undefined, ({ key }) => rank(key)).match(/[^\s\d.%,+−<>-]+/g);
}

describe('beside a line', () => {
  const usual = ['μ', 'σ', 'sat', '∇'];

  it('statistics are in the order of the registry while all are within their limits', () =>
    expect(labelsAfter([[1, healthy]])).toEqual(usual));

  it('the one that is out of its limit comes first', () =>
    expect(labelsAfter([[1, saturated]])).toEqual(['sat', 'μ', 'σ', '∇']));

  it('the worse one of two comes first', () =>
    expect(labelsAfter([[1, { ...saturated, saturatedFraction: 0.3, gradNorm: 5000 }]])).toEqual([
      '∇',
      'sat',
      'μ',
      'σ',
    ]));

  it('one that is back within its limit stays first for an epoch, so that the others do not jump', () => {
    expect(
      labelsAfter([
        [1, saturated],
        [2, healthy],
        [11, healthy],
      ]),
    ).toEqual(['sat', 'μ', 'σ', '∇']);
    expect(
      labelsAfter([
        [1, saturated],
        [2, healthy],
        [12, healthy],
      ]),
    ).toEqual(usual);
  });

  it('the one that a finding is about comes first, whatever its value', () => {
    const finding = { layer: 'layer', statistic: 'std', severity: 'warning' };
    expect(labelsAfter([[1, healthy]], [finding])).toEqual(['σ', 'μ', 'sat', '∇']);
    expect(labelsAfter([[1, healthy]], [{ ...finding, layer: 'other' }])).toEqual(usual);
    expect(labelsAfter([[1, healthy]], [{ ...finding, severity: 'info' }])).toEqual(usual);
  });

  it('the worst of several findings about one counts, in whichever order they are', () => {
    const [worse, other] = ['std', 'gradNorm'].map((statistic) => ({ layer: 'layer', statistic }));
    const findings = [
      { ...other, severity: 'warning' },
      { ...worse, severity: 'error' },
      { ...worse, severity: 'info' },
    ];
    for (const given of [findings, findings.toReversed()])
      expect(labelsAfter([[1, healthy]], given)).toEqual(['σ', '∇', 'μ', 'sat']);
  });

  it('those out of their limits come first without earlier readings, too', () =>
    expect(shortStats(saturated)).toMatch(/^sat/));
});

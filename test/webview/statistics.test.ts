/** Texts of statistics and scores: no value that is not finite looks healthy, and every score has its name and unit. */
import { describe, expect, test } from 'vitest';
import { gradThroughTime } from '../../engine/layers/recurrent/statistics.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { readEvent, writeEvent } from '../../engine/protocol/eventText.ts';
import { healthStates } from '../../engine/schema/healthStates.ts';
import type { LayerStats } from '../../engine/stats/define.ts';
import { shortStats, statsBadges, worstTone } from '../../engine/stats/format.ts';
import { gradNorm } from '../../engine/stats/gradNorm.ts';
import { healthOf } from '../../engine/stats/health.ts';
import { statistics } from '../../engine/stats/registry.ts';
import { digitsFor, formatScore, scoreLabel, scoresText } from '../../engine/stats/scores.ts';
import { marks } from '../../webview/canvas/marks.ts';
import { receiveDocument } from '../../webview/model/editor.ts';
import { receiveEvents, receiveRun, useRun } from '../../webview/model/run.ts';

const activation = { mean: 0, std: 1, min: -1, max: 1, zeroFraction: 0.5 };
const gradient = { gradNorm: 1, gradRms: 1 };
const update = { paramNorm: 1, updateRatio: 1e-3 };
const badge = (stats: LayerStats, key: string) => statsBadges(stats).find((one) => one.key === key);

describe('a number that is not finite', () => {
  const odd = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];

  test.each(odd)('%d is bad in every statistic that is shown', (value) => {
    for (const { key, shape, words } of statistics)
      if (words && shape === 'number') expect(worstTone(statsBadges({ [key]: value })), key).toBe('bad');
  });

  test('is bad as a share and over time, too', () => {
    for (const { key, shape, tone } of statistics)
      if (tone && shape === 'share')
        expect(badge({ [key]: Number.NaN }, key)?.tone ?? 'bad', key).toBe('bad');
    expect(gradThroughTime.tone!([Number.NaN, 1])).toBe('bad');
    expect(gradThroughTime.tone!([1, Number.NaN])).toBe('bad');
  });

  test.each(odd)('%d is the same after it was written to the log or sent to a view', (value) => {
    const stats: TrainingEvent = {
      event: 'stats',
      step: 1,
      layers: {
        a: { gradNorm: value, gradRms: 1, clippedNorm: value, gradThroughTime: [value, 2] },
      },
    };
    expect(readEvent(writeEvent(stats))).toEqual(stats);
    expect(writeEvent(stats)).toContain(`"gradNorm":"${value}"`);
    const shown = readEvent(writeEvent(stats));
    expect(shown?.event === 'stats' && shortStats(shown.layers.a)).toContain(
      Number.isNaN(value) ? 'NaN' : value > 0 ? '∇ ∞' : '∇ −∞',
    );
  });

  test('among activations is counted and shown', () => {
    const stats = { ...activation, notFiniteFraction: 0.25 };
    expect(badge(stats, 'notFiniteFraction')).toMatchObject({ label: 'NaN', tone: 'bad', share: 0.25 });
  });
});

describe('a gradient', () => {
  test.each([
    [0, 'bad'],
    [1e-9, 'bad'],
    [1e-7, 'warn'],
    [1e-5, 'good'],
    [99, 'good'],
    [100, 'warn'],
    [1000, 'bad'],
  ] as const)('of norm %d is %s', (norm, tone) => {
    expect(gradNorm.tone!(norm)).toBe(tone);
  });

  test('that was clipped shows its clipped norm, after everything else', () => {
    const stats = { ...activation, ...gradient, gradNorm: 5, clippedNorm: Math.SQRT1_2, ...update };
    expect(badge(stats, 'gradNorm')?.value.trim()).toBe('5.00');
    expect(statsBadges(stats).at(-1)).toMatchObject({ key: 'clippedNorm', label: 'clip' });
    expect(
      shortStats(stats).startsWith(shortStats({ ...activation, ...gradient, gradNorm: 5, ...update })),
    ).toBe(true);
  });
});

test('dead units are not shown before a whole epoch was looked at', () => {
  expect(badge({ ...activation, deadFraction: null }, 'deadFraction')).toBeUndefined();
  expect(badge({ ...activation, deadFraction: 0.5 }, 'deadFraction')).toMatchObject({
    share: 0.5,
  });
});

describe('a score', () => {
  test('is named as in the registry, and its layer as the user wrote it', () => {
    expect(scoreLabel('loss')).toBe('Loss');
    expect(scoreLabel('accuracy')).toBe('Accuracy');
    expect(scoreLabel('simpleSum.meanAbsoluteError')).toBe('simpleSum: Mean absolute error');
    expect(scoreLabel('a.b.accuracy')).toBe('a.b: Accuracy');
  });

  test('that is a share is shown in per cent, of whichever loss it is', () => {
    expect(formatScore('accuracy', 0.485)).toBe('48.50\u00a0%');
    expect(formatScore('withSigmoid.accuracy', 0.485)).toBe('48.50\u00a0%');
    expect(formatScore('loss', 0.485)).toBe('0.485');
    expect(formatScore('accuracy', Number.NaN)).toBe('NaN');
    expect([0.2, 0.05, 0.025, 0.001, 0.0025].map(digitsFor)).toEqual([0, 0, 1, 1, 2]);
    expect(scoresText({ loss: 0.1, 'Out.accuracy': 1 })).toBe('Loss 0.100 · Out: Accuracy 100.00\u00a0%');
  });

  test('that is relative to guessing is a factor, not a percentage, where it is large', () => {
    expect([0.485, 10, 12.5, 1e16].map((value) => formatScore('relativeLoss', value))).toEqual([
      '48.50\u00a0%',
      '1000.00\u00a0%',
      '12.5\u00a0times',
      '1.0e16\u00a0times',
    ]);
  });
});

describe('statistics in the graph', () => {
  const text = (units: number) => `{ "layers": {
    "point": { "type": "input", "shape": [2] },
    "hidden": { "type": "dense", "from": "point", "units": ${units} } } }`;
  const stats = (step: number): TrainingEvent => ({
    event: 'stats',
    step,
    layers: { hidden: activation },
  });

  test('belong to the text of the run, which new events do not change', () => {
    receiveDocument(1, text(8), false);
    receiveRun(text(8), [stats(1)].map(writeEvent));
    expect(useRun.getState().text).toBe(text(8));
    receiveDocument(2, text(16), false);
    receiveEvents([stats(2)].map(writeEvent));
    expect(useRun.getState().text).toBe(text(8));
    receiveRun(text(16), []);
    expect(useRun.getState().text).toBe(text(16));
    expect(useRun.getState().stats).toEqual({});
  });
});

describe('the health of a layer', () => {
  const well = { ...activation, ...gradient, ...update };

  test.each([
    ['nothing where all is well', {}, undefined],
    ['not finite above all', { std: Number.NaN, gradNorm: 0 }, { state: 'notFinite', tone: 'bad' }],
    ['dead units, with their share', { deadFraction: 0.5 }, { state: 'dead', tone: 'bad', share: 0.5 }],
    ['saturated', { saturatedFraction: 0.3 }, { state: 'saturated', tone: 'warn', share: 0.3 }],
    ['a vanished gradient', { gradNorm: 0, updateRatio: 0 }, { state: 'vanished', tone: 'bad' }],
    ['hardly learning', { updateRatio: 1e-9 }, { state: 'stopped', tone: 'bad' }],
    ['exploding', { gradNorm: 1e5, deadFraction: 0.9 }, { state: 'exploding', tone: 'bad' }],
    [
      'what is bad before what only worries',
      { gradNorm: 200, deadFraction: 0.9 },
      { state: 'dead', tone: 'bad', share: 0.9 },
    ],
    ['vanishing through time', { gradThroughTime: [1e-9, 1] }, { state: 'vanished', tone: 'bad' }],
  ] as const)('is %s', (_what, stats, health) => {
    expect(healthOf({ ...well, ...stats })).toEqual(health);
  });

  test('has a shape of its own for every state', () => {
    expect(new Set(healthStates.map((state) => marks[state].path)).size).toBe(healthStates.length);
  });
});

/** Findings during a run: as events, in the log, at which steps the diagnosis looks, and at any speed of the clock. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deadRelu } from '../../engine/diagnose/rules/deadRelu.ts';
import { imbalanced } from '../../engine/diagnose/rules/imbalanced.ts';
import { nextLook } from '../../engine/diagnose/schedule.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { readEvent, writeEvent } from '../../engine/protocol/eventText.ts';
import { openTraining } from '../../engine/train/open.ts';
import { findingsOf, runOf, textOf } from './diagnosed.ts';

describe('a finding of a run', () => {
  const [sick] = deadRelu.samples().sick;

  it('is written to a log and read back with its evidence and its fix', async () => {
    const finding = (await findingsOf(textOf(sick))).find(({ code }) => code === deadRelu.code)!;
    const event = { event: 'finding', ...finding } as const;
    expect(readEvent(writeEvent(event))).toEqual(event);
    expect(finding).toMatchObject({
      code: 'relu/dead',
      layer: 'relu',
      severity: 'error',
      step: 10,
      evidence: { value: 1, limit: 0.7 },
      path: ['layers', 'relu'],
      fix: { edit: { kind: 'setAttribute', layer: 'relu', attribute: 'type', value: 'leakyRelu' } },
    });
  });

  it('is not read from a log if its fix is not an edit', async () => {
    const [finding] = await findingsOf(textOf(sick));
    const line = JSON.stringify({ event: 'finding', ...finding, fix: { title: 'x', edit: { kind: 'rm' } } });
    expect(readEvent(line)).toBeUndefined();
  });

  it('in the data is reported after the first step, which does not wait for it', async () => {
    const [unbalanced] = imbalanced.samples().sick;
    const events = await runOf(textOf(unbalanced));
    const firstStep = events.findIndex(({ event }) => event === 'step');
    const found = events.findIndex((event) => event.event === 'finding' && event.code === imbalanced.code);
    expect(events[found]).toMatchObject({ step: 0 });
    expect(events[firstStep]).toMatchObject({ step: 1 });
    expect(found).toBeGreaterThan(firstStep);
  });

  it('is the same in every run with the same seed, at any speed of the clock', async () => {
    const [quick, slow] = [
      await findingsOf(textOf(sick)),
      await findingsOf(textOf(sick), {}, { now: fast() }),
    ];
    expect(slow).toEqual(quick);
  });
});

/** A clock with which every step takes long enough to be measured. */
function fast(): () => number {
  let now = 0;
  return () => {
    now += 1000;
    return now;
  };
}

describe('the schedule of looks', () => {
  it('looks at least twice in every epoch of 50 steps or more, often at first, and seldom enough to cost little', () =>
    fc.assert(
      fc.property(fc.integer({ min: 50, max: 5000 }), (stepsPerEpoch) => {
        const looks: number[] = [];
        for (
          let step = nextLook(0, stepsPerEpoch);
          step <= 6 * stepsPerEpoch;
          step = nextLook(step, stepsPerEpoch)
        )
          looks.push(step);
        for (let epoch = 0; epoch < 6; epoch++) {
          const inside = looks.filter((step) => Math.ceil(step / stepsPerEpoch) === epoch + 1);
          expect(inside.length).toBeGreaterThanOrEqual(2);
        }
        expect(looks.slice(0, 5)).toEqual([1, 2, 3, 4, 6]);
        const late = looks.filter((step) => step > 100);
        for (let i = 1; i < late.length; i++) expect(late[i] - late[i - 1]).toBeGreaterThanOrEqual(25);
      }),
      { seed: 4 },
    ));
});

it('a run of very many epochs is examined without going through all of them', async () => {
  const text = JSON.stringify({
    layers: {
      data: { type: 'input', shape: [2] },
      logits: { type: 'dense', from: 'data', units: 2 },
    },
    training: {
      data: { type: 'points', pattern: 'moons', samples: 40, testSamples: 10 },
      loss: { type: 'softmaxCrossEntropy', from: 'logits' },
      optimizer: { type: 'sgd', learningRate: 0.01 },
      batchSize: 20,
      epochs: 300_000,
    },
  });
  const { training } = await openTraining(text, { folder: '.' }, referenceBackend);
  const runEpoch = () => {
    while (training.next === 'step') training.step(false);
    training.endEpoch({ loss: 1, accuracy: 0.5 });
  };
  runEpoch();
  const { diagnosis } = training;
  const { epochs } = diagnosis.state;
  let reads = 0;
  const counted = new Proxy(epochs[0], {
    get(epoch, key) {
      reads++;
      return Reflect.get(epoch, key);
    },
  });
  diagnosis.state = { ...diagnosis.state, epochs: Array.from({ length: 200_000 }, () => counted) };
  runEpoch();
  expect(diagnosis.state.epochs).toHaveLength(200_001);
  expect(reads).toBeLessThan(200);
});

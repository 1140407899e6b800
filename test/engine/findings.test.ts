/** Every finding is found on its sick samples, and nothing is found on its healthy ones; its fixes leave a network that can be trained. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findIn } from '../../engine/diagnose/check.ts';
import type { Finding, FindingDefinition, NetworkSample } from '../../engine/diagnose/define.ts';
import { findings, trainingFindings } from '../../engine/diagnose/registry.ts';
import { deadRelu } from '../../engine/diagnose/rules/deadRelu.ts';
import { imbalanced } from '../../engine/diagnose/rules/imbalanced.ts';
import { chain } from '../../engine/diagnose/samples.ts';
import { nextLook } from '../../engine/diagnose/schedule.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { readEvent, writeEvent } from '../../engine/protocol/eventText.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { openTraining } from '../../engine/train/open.ts';
import { findingsOf, runOf } from './diagnosed.ts';

const textOf = (sample: NetworkSample): string => JSON.stringify({ format: 1, ...sample }, null, 1);

/** What the text alone shows, or for other rules a whole training. */
const seen = async ({ needs }: FindingDefinition, text: string): Promise<readonly Finding[]> =>
  needs === 'static' ? findIn({ analysis: analyze(text) }) : findingsOf(text);

describe.each(findings.map((finding): [string, FindingDefinition] => [finding.code, finding]))(
  '%s',
  (code, rule) => {
    const { sick, healthy } = rule.samples;

    it.each(sick.map((sample, index) => [index + 1, textOf(sample)] as const))(
      'is found on sick network %i, and its fix clears it',
      async (_, text) => {
        const found = (await seen(rule, text)).filter((finding) => finding.code === code);
        expect(found).not.toEqual([]);
        const analysis = analyze(text);
        for (const [index, { fix, layer }] of found.filter((finding) => finding.fix).entries()) {
          const edited = applyEdit(text, fix!.edit);
          if ('problem' in edited) throw new Error(edited.problem);
          const textAfter = applyChanges(text, edited.changes);
          const after = analyze(textAfter);
          expect(after.diagnostics).toEqual(analysis.diagnostics);
          expect(after.trainable).toBe(true);
          // Training for every layer would take long, and the layers of a sample are similar.
          if (rule.needs !== 'static' && index > 0) continue;
          const left = (await seen(rule, textAfter)).filter(
            (one) => one.code === code && one.layer === layer,
          );
          expect(left.filter(({ severity }) => severity !== 'info')).toEqual([]);
        }
      },
    );

    it.each(healthy.map((sample, index) => [index + 1, textOf(sample)] as const))(
      'leaves healthy network %i alone',
      async (_, text) => {
        const alarms = (await seen(rule, text)).filter(({ severity }) => severity !== 'info');
        expect(alarms.map(({ message }) => message)).toEqual([]);
      },
    );
  },
);

describe('findings', () => {
  it('do not explain one another, or neither would be reported', () => {
    const causesOf = (code: string) =>
      (findings as readonly FindingDefinition[])
        .filter((rule) => rule.code === code)
        .flatMap(({ causes = [] }) => causes);
    const behind = (code: string, seen = new Set<string>()): ReadonlySet<string> => {
      for (const cause of causesOf(code)) if (!seen.has(cause)) behind(cause, seen.add(cause));
      return seen;
    };
    expect(findings.map(({ code }) => code).filter((code) => behind(code).has(code))).toEqual([]);
  });

  it('are looked for at one moment, or one rule would restart the count of another one with its code', () => {
    const moments = (code: string) =>
      new Set(
        (trainingFindings as readonly FindingDefinition<string, 'training'>[])
          .filter((rule) => rule.code === code)
          .map(({ when = 'step' }) => when),
      );
    expect(trainingFindings.map(({ code }) => code).filter((code) => moments(code).size > 1)).toEqual([]);
  });
});

describe('an output that cannot reach many values', () => {
  it('loses its activation, and keeps a loss of values', async () => {
    const text = textOf(
      chain(
        [12, 12, 1],
        {
          flat: { type: 'flatten' },
          hidden: { type: 'dense', units: 16 },
          relu: { type: 'relu' },
          pixels: { type: 'dense', units: 144 },
          bounded: { type: 'logSigmoid' },
          drawn: { type: 'reshape', shape: [12, 12, 1] },
        },
        {
          data: { type: 'shapes', size: 12, samples: 100, testSamples: 20, target: 'image' },
          loss: { type: 'meanSquaredError', from: 'drawn' },
        },
      ),
    );
    const found = (await findingsOf(text)).find(({ code }) => code === 'output/lossMismatch');
    expect(found).toMatchObject({
      layer: 'bounded',
      fix: { edit: { kind: 'removeLayers', names: ['bounded'] } },
    });
  });
});

describe('a finding of a run', () => {
  const [sick] = deadRelu.samples.sick;

  it('is written to a log and read back with its evidence and its fix', async () => {
    const [finding] = await findingsOf(textOf(sick));
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

  it('is not read from a log whose fix is no edit', async () => {
    const [finding] = await findingsOf(textOf(sick));
    const line = JSON.stringify({ event: 'finding', ...finding, fix: { title: 'x', edit: { kind: 'rm' } } });
    expect(readEvent(line)).toBeUndefined();
  });

  it('in the data is reported after the first step, which does not wait for it', async () => {
    const [unbalanced] = imbalanced.samples.sick;
    const events = await runOf(textOf(unbalanced));
    const firstStep = events.findIndex(({ event }) => event === 'step');
    const found = events.findIndex((event) => event.event === 'finding' && event.code === imbalanced.code);
    expect(events[found]).toMatchObject({ step: 0 });
    expect(events[firstStep]).toMatchObject({ step: 1 });
    expect(found).toBeGreaterThan(firstStep);
  });

  it('is the same in every run with the same seed, however the clock goes', async () => {
    const [quick, slow] = [
      await findingsOf(textOf(sick)),
      await findingsOf(textOf(sick), {}, { now: fast() }),
    ];
    expect(slow).toEqual(quick);
  });
});

/** A clock on which every step takes so long that each is measured. */
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

/** Events as kinds: whatever a run reports arrives unchanged at the other side of a link, in the log and in every view. */
import { readdirSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import {
  type EventKind,
  eventKinds,
  type TrainingEvent,
  trainingEvent,
} from '../../engine/protocol/events.ts';
import { readEvent, writeEvent } from '../../engine/protocol/eventText.ts';
import { checked } from '../../engine/protocol/messages.ts';
import { engineToHost, hostToEngine } from '../../engine/protocol/training.ts';

const number = fc.double({ noDefaultInfinity: false }).map((value) => value + 0);
const count = fc.maxSafeNat();
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const scores = fc.record(
  { loss: number, accuracy: number },
  { requiredKeys: ['loss'], noNullPrototype: true },
);
const metrics = fc.dictionary(fc.constantFrom('accuracy', 'f1'), number, { noNullPrototype: true });
const text = fc.string();

/** Without the fields that are undefined, as both links and the log leave them out. */
const event = (fields: { readonly [name: string]: fc.Arbitrary<unknown> }) =>
  fc
    .record(fields)
    .map(
      (made) => Object.fromEntries(Object.entries(made).filter(([, value]) => value !== undefined)) as never,
    );

const fix = fc.record(
  {
    title: text,
    edit: fc.constant({ kind: 'setAttribute', layer: 'a', attribute: 'type', value: 'relu' } as const),
  },
  { noNullPrototype: true },
);
const evidence = fc.record({ value: number, limit: number }, { noNullPrototype: true });
const curve = fc.array(fc.record({ step: count, loss: number }, { noNullPrototype: true }), {
  maxLength: 2,
});
const course = event({
  steps: count,
  curve,
  testCurve: curve,
  train: scores,
  test: maybe(scores),
  relative: maybe(fc.boolean()),
  evidence: maybe(evidence),
  failure: maybe(text),
});
const attempt = event({
  code: text,
  layer: maybe(text),
  severity: fc.constantFrom('error', 'warning', 'info'),
  fix,
  outcome: fc.constantFrom('kept', 'rejected', 'dropped'),
  verdict: text,
  evidence: event({ before: maybe(evidence), after: maybe(evidence) }),
  judged: maybe(
    fc.record(
      { score: text, split: fc.constantFrom('train', 'test'), before: number, after: number },
      { noNullPrototype: true },
    ),
  ),
});

const events: { readonly [K in EventKind]: fc.Arbitrary<TrainingEvent> } = {
  plan: event({
    event: fc.constant('plan'),
    parameters: count,
    memoryBytes: number,
    backend: text,
    trainSamples: count,
    testSamples: count,
    batchSize: count,
    stepsPerEpoch: count,
    epochs: count,
    continued: maybe(fc.array(text, { maxLength: 2 })),
    warnings: maybe(fc.constant([{ code: 'a/b', message: 'c', path: ['layers', 'd', 0] }])),
  }),
  step: event({
    event: fc.constant('step'),
    step: count,
    epoch: count,
    loss: number,
    metrics,
    penalty: maybe(number),
    samplesPerSecond: number,
    points: fc.array(fc.record({ step: count, loss: number, metrics }, { noNullPrototype: true }), {
      maxLength: 3,
    }),
  }),
  stats: event({
    event: fc.constant('stats'),
    step: count,
    layers: fc.constant({ a: { mean: Number.NaN, gates: { forget: { shut: 0.5 } }, deadFraction: null } }),
  }),
  detail: event({
    event: fc.constant('detail'),
    step: count,
    sample: maybe(count),
    layers: fc.constant({
      a: {
        activationHistogram: { scale: 'linear', low: -1, high: 2, counts: [1, 0, 3], zeros: 1, notFinite: 2 },
        weightPictures: { kernel: { rows: 1, columns: 2, limit: 0.5, pixels: 'P}' } },
        gateCourses: { forget: { mean: [0.5, Number.NaN] } },
      },
    }),
  }),
  epoch: event({
    event: fc.constant('epoch'),
    epoch: count,
    step: count,
    train: scores,
    test: maybe(scores),
    seconds: number,
  }),
  evaluation: event({ event: fc.constant('evaluation'), test: scores, samples: count, seconds: number }),
  evaluationEnd: event({
    event: fc.constant('evaluationEnd'),
    reason: fc.constantFrom('finished', 'stopped', 'failed'),
    message: maybe(text),
  }),
  check: event({
    event: fc.constant('check'),
    check: text,
    outcome: fc.constantFrom('passed', 'failed', 'skipped'),
    message: text,
    path: maybe(fc.array(fc.oneof(text, fc.nat()))),
  }),
  finding: event({
    event: fc.constant('finding'),
    code: text,
    layer: maybe(text),
    severity: fc.constantFrom('error', 'warning', 'info'),
    step: count,
    measures: maybe(text),
    statistic: maybe(text),
    evidence: fc.record({ value: number, limit: number }, { noNullPrototype: true }),
    message: text,
    path: fc.array(fc.oneof(text, fc.nat())),
    fix: maybe(fix),
  }),
  progress: event({ event: fc.constant('progress'), doing: text, step: count, steps: maybe(count) }),
  trial: event({
    event: fc.constant('trial'),
    code: text,
    layer: maybe(text),
    measures: maybe(text),
    message: text,
    fix,
    before: course,
    after: course,
    helps: fc.boolean(),
    verdict: text,
  }),
  attempt: event({ event: fc.constant('attempt'), attempt }),
  repair: event({
    event: fc.constant('repair'),
    attempts: fc.array(attempt, { maxLength: 2 }),
    left: fc.constant([{ code: 'a/b', layer: 'c', severity: 'error', message: 'd', path: ['layers', 'c'] }]),
    fix: maybe(fix),
    before: course,
    after: course,
    verdict: text,
  }),
  comparison: event({
    event: fc.constant('comparison'),
    attempts: fc.array(attempt, { maxLength: 2 }),
    fix: maybe(fix),
    before: course,
    after: course,
    verdict: text,
  }),
  warning: event({ event: fc.constant('warning'), step: count, code: text, message: text }),
  end: event({
    event: fc.constant('end'),
    reason: fc.constantFrom('finished', 'stopped', 'failed'),
    step: count,
    message: maybe(text),
    path: maybe(fc.array(fc.oneof(text, fc.nat()))),
  }),
};

const rows = (count: number, row: object) =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`row${index}`, row]));
const bins = { scale: 'linear', low: 0, high: 1, zeros: 0, notFinite: 0 };

describe('an event', () => {
  it.each(Object.entries(events))('"%s" crosses both links and comes back from its line', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (given) => {
        expect(trainingEvent(deserialize(serialize(given)))).toEqual(given);
        expect(readEvent(writeEvent(given))).toEqual(given);
      }),
      { seed: 12 },
    );
  });

  it.each(Object.entries(events))(
    '"%s" counts in whole numbers, from which curves and sliders are drawn',
    (_, arbitrary) => {
      fc.assert(
        fc.property(arbitrary, fc.constantFrom('NaN', 'Infinity', null, -1, 0.5), (given, wrong) => {
          for (const name of ['step', 'epoch', 'epochs'].filter((name) => Object.hasOwn(given, name)))
            expect(
              readEvent(JSON.stringify({ ...JSON.parse(writeEvent(given)), [name]: wrong })),
            ).toBeUndefined();
        }),
        { seed: 13, numRuns: 20 },
      );
    },
  );

  it('that the host does not know is refused, and the log says so', () => {
    const heard = vi.fn();
    const warn = vi.fn();
    const handlers = checked(engineToHost, { ready: heard, events: heard }, warn);
    const hear = handlers.events as (body: unknown) => void;
    expect(() => hear({ events: [{ event: 'toString' }] })).toThrow(/expected one of .* at events\.0\.event/);
    expect(heard).not.toHaveBeenCalled();
    expect(warn.mock.calls).toEqual([[expect.stringMatching(/"events" was refused: .*events\.0\.event/)]]);
  });

  it.each<[what: string, statistic: object]>([
    ['a list that no view could draw', { gateCourses: { forget: { mean: new Array(70_000).fill(0) } } }],
    ['rows that no view could draw', { gateCourses: rows(300, { mean: [0] }) }],
    [
      'pictures that no view could draw',
      { featureMaps: rows(300, { rows: 1, columns: 1, limit: 1, pixels: 'P' }) },
    ],
    ['pictures without a pixel', { weightPictures: { w: { rows: 2, columns: 2, limit: 1, pixels: '' } } }],
    [
      'bins that no view could draw',
      { activation: { activationHistogram: { ...bins, counts: new Array(70_000).fill(0) } } },
    ],
  ])('with %s is refused', (_, statistic) => {
    const read = (layer: object) =>
      readEvent(JSON.stringify({ event: 'detail', step: 1, layers: { a: layer } }));
    expect(read(statistic)).toBeUndefined();
    expect(read({ gateCourses: rows(3, { mean: [0] }), activation: {} })).toBeDefined();
  });

  it('has one file and one line in the registry', () => {
    const files = readdirSync('engine/protocol/events').filter((file) => !/^(define|fields)\.ts$/.test(file));
    expect(Object.keys(eventKinds).sort()).toEqual(files.map((file) => file.replace('.ts', '')).sort());
  });
});

describe('a job', () => {
  const handlers = checked(
    hostToEngine,
    { run: vi.fn(), stop: () => undefined, chooseSample: vi.fn(), settle: vi.fn() },
    () => undefined,
  );
  const run = handlers.run as (body: unknown) => unknown;

  it.each([
    [{ task: 'format', text: '', folder: '' }, 'job.task'],
    [{ task: 'train', text: '', folder: '', threads: -1 }, 'job.threads'],
    [{ task: 'train', folder: '' }, 'job.text'],
  ])('that is not as declared is refused: %j', (job, place) => {
    expect(() => run({ job })).toThrow(`at ${place}`);
  });
});

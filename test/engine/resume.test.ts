/** A training that is captured and continued in another runtime gives the same bits as one that was not interrupted. */

import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { DiagnosisState } from '../../engine/diagnose/memory.ts';
import type { Backend } from '../../engine/kernels/backend.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { schedules } from '../../engine/schedules/registry.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import type { LoopHost } from '../../engine/train/host.ts';
import { train } from '../../engine/train/loop.ts';
import { assemble } from '../../engine/train/open.ts';
import type { TrainingState } from '../../engine/train/state.ts';
import { decodeState, encodeState } from '../../engine/train/stateFile.ts';
import { Training } from '../../engine/train/training.ts';
import { isThorough } from '../hostile/effort.ts';
import { type Opened, openShort } from './examples.ts';
import { load } from './wasmHarness.ts';

/** Six batches for each epoch. The last one has 2 samples instead of 4. */
const [batchSize, trainSamples, testSamples, stepsPerEpoch] = [4, 22, 6, 6];

const dense = `"point": { "type": "input", "shape": [2] },
  "hidden": { "type": "dense", "from": "point", "units": 5, "l2": 0.01, "l1": 0.001 },
  "relu": { "type": "relu", "from": "hidden" },
  "fixed": { "type": "dense", "from": "relu", "units": 5, "trainable": false },
  "again": { "type": "dense", "from": "fixed", "units": 5 },
  "twice": { "type": "dense", "from": "again", "units": 5, "shares": "again" },`;

const points = (layers: string, from: string, settings: string, epochs = 3) => `{ "layers": { ${layers}
  "out": { "type": "dense", "from": "${from}", "units": 2 } },
  "training": { "data": { "type": "points", "pattern": "xor", "samples": 40, "testSamples": 10 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "metrics": ["accuracy", "f1"],
    "epochs": ${epochs}, "batchSize": ${batchSize}, ${settings} } }`;

const sgd = '"optimizer": { "type": "sgd", "learningRate": 0.1, "momentum": 0.9 }';
const plain = (settings: string, epochs?: number) => points(dense, 'twice', settings, epochs);

const stateful = (type: string) => `{ "layers": {
  "steps": { "type": "input", "shape": [5, 2] },
  "memory": { "type": "${type}", "from": "steps", "hiddenSize": 3, "stateful": true },
  "out": { "type": "dense", "from": "memory", "units": 1 } },
  "training": { "data": { "type": "adding", "sequenceLength": 5, "samples": 40, "testSamples": 10 },
    "loss": { "type": "meanSquaredError", "from": "out" }, "optimizer": { "type": "adam", "learningRate": 0.05 },
    "epochs": 3, "batchSize": ${batchSize}, "accumulate": 2 } }`;

/** Settings that change the learning rate within three epochs. */
const soonFelt: { readonly [schedule: string]: string } = {
  reduceOnPlateau: ', "patience": 0, "threshold": 0.9',
  step: ', "every": 1',
};

const networks = new Map<string, string>([
  ...[...optimizers].map(({ type }): [string, string] => [
    `the optimizer ${type}`,
    plain(`"optimizer": { "type": "${type}", "learningRate": 0.02 }, "accumulate": 4`),
  ]),
  ['the optimizer adam with amsgrad', plain('"optimizer": { "type": "adam", "amsgrad": true }')],
  ...[...schedules].map((schedule): [string, string] => {
    const settings = soonFelt[schedule.type] ?? '';
    return [
      `the schedule ${schedule.type}`,
      plain(`${sgd}, "accumulate": 2, "schedule": { "type": "${schedule.type}"${settings} }`),
    ];
  }),
  ['clipping', plain(`${sgd}, "clipNorm": 0.1, "clipValue": 0.05`)],
  [
    'early stopping that goes back to the best weights',
    plain('"optimizer": { "type": "adam", "learningRate": 0.3 }, "earlyStopping": { "patience": 2 }', 9),
  ],
  [
    'dropout, noise and batch normalization',
    points(
      `${dense}
      "norm": { "type": "batchNorm", "from": "twice" },
      "dropped": { "type": "dropout", "from": "norm", "rate": 0.4 },
      "noisy": { "type": "gaussianNoise", "from": "dropped" },
      "random": { "type": "rRelu", "from": "noisy" },`,
      'random',
      `${sgd}, "accumulate": 4`,
    ),
  ],
  ...['simpleRnn', 'lstm', 'gru'].map((type): [string, string] => [`a stateful ${type}`, stateful(type)]),
]);

/** A clock that does not advance; statistics on some steps. */
const host: LoopHost = {
  now: () => 0,
  yield: () => Promise.resolve(),
  probes: (step) => step % 2 === 0 || step % stepsPerEpoch === 3,
};

const open = (opened: Opened, backend: Backend): Training =>
  new Training(assemble(opened, opened.dataset, {}, backend));

interface Cut {
  /** The number of steps before it. */
  readonly step: number;
  readonly state: TrainingState;
  /** The number of events before it. */
  readonly events: number;
}

interface Trained {
  readonly events: readonly TrainingEvent[];
  readonly hash: string;
  readonly cuts: readonly Cut[];
}

/** Runs to the end, and captures before every step and after every event, where the state is another one than before. */
async function run(training: Training, captures: boolean): Promise<Trained> {
  const events: TrainingEvent[] = [];
  const cuts: Cut[] = [];
  let last = '';
  const cut = () => {
    if (!captures) return;
    const state = training.capture();
    const place = `${events.length} ${hashOf(state)}`;
    if (place !== last) cuts.push({ step: training.stepNumber, state, events: events.length });
    last = place;
  };
  const probes = (step: number): boolean => {
    cut();
    return host.probes?.(step) ?? false;
  };
  for await (const event of train(training, { ...host, probes })) {
    events.push(event);
    // Details are reported together with the statistics of their step.
    if (event.event !== 'end' && event.event !== 'detail') cut();
  }
  return { events, hash: hashOf(training.capture()), cuts };
}

/** A hash of every bit of a state. */
function hashOf({ progress, tensors }: TrainingState): string {
  const hash = createHash('sha256').update(JSON.stringify(progress));
  for (const [name, { data }] of tensors)
    hash.update(name).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  return hash.digest('hex');
}

/** The events without points of the curve: the clock decides when these are reported, but not which ones. */
const reported = (events: readonly TrainingEvent[]) => events.filter(({ event }) => event !== 'step');
const pointsOf = (events: readonly TrainingEvent[]) =>
  events.flatMap((event) => (event.event === 'step' ? event.points : []));

/** Compares thousands of events much faster than `toEqual`, which describes the difference if there is one. */
function expectEqual(found: unknown, wanted: unknown): void {
  if (!isDeepStrictEqual(found, wanted)) expect(found).toEqual(wanted);
}

// All backends share the code that captures and restores. So on one of them, every fifth point is enough, another place in each epoch.
describe.each([
  ['reference', () => referenceBackend, isThorough ? 1 : 5],
  ['wasm', () => load('relaxed'), 1],
] as const)(
  'on the %s backend, a training resumed at any point gives the same bits, with',
  (_, openBackend, nth) => {
    it.each([...networks])('%s', async (_, text) => {
      const opened = await openShort(text, trainSamples, testSamples);
      const backend = openBackend();
      const whole = await run(open(opened, backend), true);
      expect(whole.cuts.length).toBeGreaterThan(3 * stepsPerEpoch);
      const end = whole.events.at(-1);
      const [stopsEarly, lastEpoch] = [
        text.includes('earlyStopping'),
        whole.cuts.at(-1)?.state.progress.epochs,
      ];
      expect(end).toMatchObject({ reason: 'finished', step: (lastEpoch ?? 0) * stepsPerEpoch });
      if (stopsEarly) expect(end).toMatchObject({ restoredEpoch: (lastEpoch ?? 0) - 2 });
      for (const { state, events } of whole.cuts.filter((_, place) => place % nth === 0)) {
        const resumed = open(opened, backend);
        resumed.restore(decodeState(encodeState(state)).state);
        expect(hashOf(resumed.capture())).toBe(hashOf(state));
        const rest = await run(resumed, false);
        expectEqual(reported(rest.events), reported(whole.events.slice(events)));
        expectEqual(pointsOf([...whole.events.slice(0, events), ...rest.events]), pointsOf(whole.events));
        expect(rest.hash).toBe(whole.hash);
      }
    });
  },
);

describe('a saved training is refused, with nothing changed,', () => {
  const some = plain(`${sgd}, "accumulate": 4`);
  /** After two steps of an accumulation of four. */
  async function saved(): Promise<Uint8Array> {
    const training = open(await openShort(some, trainSamples, testSamples), referenceBackend);
    training.step(false);
    training.step(false);
    return encodeState(training.capture());
  }

  it.each([
    ['by another layer', some.replaceAll('"again"', '"other"'), 'weights/other.kernel', 'do not contain it'],
    ['by other units', some.replaceAll('"units": 5', '"units": 6'), 'weights/hidden.kernel', 'are 2×5'],
    [
      'by another optimizer',
      some.replace('"sgd"', '"adagrad"').replace(', "momentum": 0.9', ''),
      'slots/sumOfSquares',
      'do not contain it',
    ],
    ['under another seed', some.replace('"epochs"', '"seed": 2, "epochs"'), 'seed 1', 'has seed 2'],
    [
      'with another accumulation',
      some.replace('"accumulate": 4', '"accumulate": 1'),
      'batch',
      '"accumulate"',
    ],
    ['by more losses', some.replace(/"loss": ({[^}]*})/, '"loss": [$1, $1]'), 'batch', 'start a new run'],
  ])('%s', async (_, text, ...words) => {
    const { state } = decodeState(await saved());
    const other = open(await openShort(text, trainSamples, testSamples), referenceBackend);
    const before = hashOf(other.capture());
    const refused = () => other.restore(state);
    expect(refused).toThrow(ProblemError);
    for (const word of words) expect(refused).toThrow(word);
    expect(hashOf(other.capture())).toBe(before);
  });

  it('when its file is cut off, of another kind or damaged', async () => {
    const bytes = await saved();
    const { state } = decodeState(bytes);
    const damaged = (change: (text: string) => string) =>
      new Uint8Array(Buffer.from(change(Buffer.from(bytes).toString('latin1')), 'latin1'));
    for (const wrong of [
      ...[0, 7, 8, 100, 2000, bytes.length - 1].map((length) => bytes.slice(0, length)),
      damaged((text) => text.replace('netloom-state-2', 'netloom-state-9')),
      damaged((text) => text.replace('\\"batch\\":2', '\\"batch\\":x')),
      damaged((text) => text.replace('\\"batch\\":2', '\\"botch\\":2')),
      encodeState({ ...state, progress: { ...state.progress, step: -1 } }),
      encodeState({ ...state, progress: { ...state.progress, epochLosses: 'none' as unknown as number[] } }),
    ])
      expect(() => decodeState(wrong)).toThrow(ProblemError);
  });

  it('when what the diagnosis remembers of looks and epochs is damaged', async () => {
    const { state } = decodeState(await saved());
    const { diagnosis } = state.progress;
    const epoch = { epoch: 1, step: 5, train: { loss: 1 }, leastLoss: 1 };
    const withDiagnosis = (changed: object) =>
      decodeState(
        encodeState({
          ...state,
          progress: { ...state.progress, diagnosis: { ...diagnosis, ...changed } as DiagnosisState },
        }),
      );
    expect(withDiagnosis({ epochs: [{ ...epoch, memory: { waited: 2 } }] }).state.progress.step).toBe(2);
    for (const wrong of [
      { epochs: [{ ...epoch, memory: 'none' }] },
      { epochs: [{ ...epoch, memory: { waited: 'long' } }] },
      { epochs: [{ ...epoch, leastLoss: undefined }] },
      { epochs: [{ ...epoch, best: { train: { loss: 1 } } }] },
      { epochs: [{ ...epoch, highestSince: {} }] },
      { looks: { 'relu/dead relu1': -1 } },
      { reported: { 'relu/dead relu1': 'toString' } },
    ])
      expect(() => withDiagnosis(wrong), JSON.stringify(wrong)).toThrow(ProblemError);
  });

  it('never for numbers that JSON has no words for', async () => {
    const { state } = decodeState(await saved());
    const numbers = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0, 5e-324, 0.1];
    const progress = { ...state.progress, epochLosses: numbers };
    const bytes = encodeState({ ...state, progress }, { trainedOn: 'points' });
    const again = decodeState(bytes);
    expect(again.state).toEqual({ ...state, progress });
    expect(again.metadata.get('trainedOn')).toBe('points');
  });
});

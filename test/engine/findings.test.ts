/**
 * Every finding is reported on its sick samples and on none of its healthy ones, even if they are near its limits. Its fix removes it. The
 * networks are also files of test/fixtures/faults/rules.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding, FindingDefinition, NetworkSample } from '../../engine/diagnose/define.ts';
import { type LimitSettings, limitsOf } from '../../engine/diagnose/limits.ts';
import { type EpochLook, lookAtEpoch, type TrainingLook } from '../../engine/diagnose/look.ts';
import { findings, ruleNames } from '../../engine/diagnose/registry.ts';
import { endedSchedule } from '../../engine/diagnose/rules/endedSchedule.ts';
import { largeUpdate } from '../../engine/diagnose/rules/largeUpdate.ts';
import { smallUpdate } from '../../engine/diagnose/rules/smallUpdate.ts';
import { chain, small } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { updateRatio } from '../../engine/stats/updateRatio.ts';
import { findingsOf } from './diagnosed.ts';

const textOf = (sample: NetworkSample): string => JSON.stringify({ format: 1, ...sample }, null, 1);

/** The samples of the rules as networks to open; `npm run faults` writes them. */
const root = 'test/fixtures/faults/rules';

const rules = findings.map((rule: FindingDefinition): [string, FindingDefinition, string] => {
  const name = ruleNames.get(rule)!.replace('/', '-');
  return [name, rule, path.join(root, name)];
});

/** Sick networks, by number, that no edit of the text can repair: a person must change the data. */
const withoutFix: { readonly [name: string]: readonly number[] } = {
  // All samples belong to one class, or have the same value.
  'data-imbalanced': [2],
  'data-constantFeature': [2],
  // The text contains pages twice, the tables have each row four times, or measured twice.
  'data-leak': [3, 6, 7],
  // The labels belong to other samples.
  'data-labelNoise-2': [2],
  'data-labelNoise-3': [1],
  // A person must add samples of the class.
  'data-unseenClass': [1],
  // The training labels are wrong.
  'data-labelNoise-4': [1],
};

const sickFile = (number: number): string => `sick${number}.nn.json`;
const repairedFile = (number: number): string => `repaired${number}.nn.json`;
const nearMissFile = 'near-miss.nn.json';

/** A sample as a file in a folder, with paths to its data from there. */
const fileOf = (sample: NetworkSample, folder: string, remark: string): string =>
  `// ${remark}\n${textOf(sample)}\n`.replace(
    /"(file|testFile)": "([^"]+)"/g,
    (_, key, file) => `"${key}": "${path.relative(folder, file)}"`,
  );

/** Fails if a file is not current. `npm run faults` writes it. */
const matchFile = (text: string, folder: string, name: string) =>
  expect(text).toMatchFileSnapshot(path.resolve(folder, name));

function afterFix(text: string, edit: SpecEdit): string {
  const edited = applyEdit(text, edit);
  if ('problem' in edited) throw new Error(edited.problem);
  return applyChanges(text, edited.changes);
}

/** The limits of a rule, each in turn moved by a fifth to either side. */
const movedLimits = ({ code, limits }: FindingDefinition): LimitSettings[] =>
  Object.entries(limits).flatMap(([name, value]) =>
    [0.8, 1.25].map((factor) => ({ [`${code}/${name}`]: value * factor })),
  );

/** The number of layers and settings in which two networks differ. */
function differencesOf(one: NetworkSample, other: NetworkSample): number {
  const entries = (sample: NetworkSample) =>
    new Map(
      Object.entries(sample).flatMap(([section, value]) =>
        Object.entries(value as object).map(([name, entry]) => [`${section} ${name}`, JSON.stringify(entry)]),
      ),
    );
  const [before, after] = [entries(one), entries(other)];
  return [...new Set([...before.keys(), ...after.keys()])].filter((key) => before.get(key) !== after.get(key))
    .length;
}

describe.each(rules)('%s', (name, rule, folder) => {
  const { sick, nearMiss, healthy } = rule.samples();
  const ofRule = (found: readonly Finding[]) => found.filter(({ code }) => code === rule.code);
  const sickText = (sample: NetworkSample) =>
    fileOf(sample, folder, `${rule.title} (${rule.code}): this network shows it.`);
  const known = new Map<NetworkSample, Promise<readonly Finding[]>>();
  /** What is found on a sick network, which is trained once for several tests. */
  const findingsOfSick = (sample: NetworkSample) => {
    const findings = known.get(sample) ?? findingsOf(sickText(sample), { folder });
    known.set(sample, findings);
    return findings;
  };

  it.each(sick.map((sample, index) => [index + 1, sample] as const))(
    'is found on sick network %i, and its fix clears it',
    async (number, sample) => {
      const text = sickText(sample);
      await matchFile(text, folder, sickFile(number));
      const found = ofRule(await findingsOfSick(sample));
      expect(found).not.toEqual([]);
      const before = analyze(text);
      for (const { fix } of found.filter((finding) => finding.fix)) {
        const after = analyze(afterFix(text, fix!.edit));
        expect(after.diagnostics).toEqual(before.diagnostics);
        expect(after.trainable).toBe(true);
      }
      // Training for every layer would take long, and the layers of a sample are similar.
      const [{ fix, layer, severity }] = found;
      expect(!fix).toBe(withoutFix[name]?.includes(number) ?? false);
      if (!fix) return;
      const remark = `// Sick network ${number} after its fix: ${fix.title}.\n`;
      const repaired = afterFix(text, fix.edit).replace(/.*\n/, () => remark);
      await matchFile(repaired, folder, repairedFile(number));
      const left = ofRule(await findingsOf(repaired, { folder })).filter((one) => one.layer === layer);
      expect(left.filter((one) => severity === 'info' || one.severity !== 'info')).toEqual([]);
    },
  );

  it('does not report a network that is just within its limits', async () => {
    const text = fileOf(nearMiss, folder, `${rule.title} (${rule.code}): this network nearly shows it.`);
    await matchFile(text, folder, nearMissFile);
    const isSeen = (found: readonly Finding[]) => ofRule(found).some(({ severity }) => severity !== 'info');
    const isInformation = sick.length > 0 && !isSeen(await findingsOfSick(sick[0]));
    const found = await findingsOf(text, { folder });
    expect(isInformation ? ofRule(found).length > 0 : isSeen(found)).toBe(false);
    // A rule without limits has no network near a limit, so a similar one is enough.
    const most = movedLimits(rule).length === 0 ? 3 : 1;
    if (sick.length === 0 || sick.some((one) => differencesOf(one, nearMiss) <= most)) return;
    for (const limits of movedLimits(rule)) if (isSeen(await findingsOf(text, { folder, limits }))) return;
    expect.fail('no limit that is moved by a fifth makes the rule report it');
  });

  it.each(healthy.map((sample, index) => [index + 1, textOf(sample)] as const))(
    'leaves healthy network %i alone',
    async (_, text) => {
      const alarms = (await findingsOf(text)).filter(({ severity }) => severity !== 'info');
      expect(alarms.map(({ message }) => message)).toEqual([]);
    },
  );
});

it('no file remains of a sample that was removed', () => {
  const expected = rules.flatMap(([name, { samples }]) => [
    path.join(name, nearMissFile),
    ...samples().sick.flatMap((_, index) => [
      path.join(name, sickFile(index + 1)),
      ...(withoutFix[name]?.includes(index + 1) ? [] : [path.join(name, repairedFile(index + 1))]),
    ]),
  ]);
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' });
  expect(found.filter((file) => file.endsWith('.nn.json') && !expected.includes(file))).toEqual([]);
});

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

describe('a schedule', () => {
  /** A run of 100 epochs of ten steps that has this loss from its first epoch on, as it is at a step. */
  function at(step: number, schedule: object, settings: Partial<TrainingLook> & { readonly loss?: number }) {
    const { loss = 0.4, ...more } = settings;
    const analysis = analyze(textOf(small('relu', { schedule, epochs: 100 } as never)));
    const training = analysis.spec.training;
    const epochs: EpochLook[] = [];
    for (let epoch = 1; epoch <= Math.floor(step / 10); epoch++)
      epochs.push(
        lookAtEpoch({ epoch, step: 10 * epoch, train: { loss } }, epochs.at(-1), training?.schedule),
      );
    const checks = [{ step, stats: {}, loss, penalty: 0 }];
    const data = { leftByNeighbours: 0.05 };
    return {
      analysis,
      training,
      totalSteps: 1000,
      epochs,
      checks,
      data,
      baseline: { loss: 1 },
      floor: 0,
      ...more,
    } as unknown as TrainingLook;
  }

  it.each([
    ['that decays too fast', 'warning', { type: 'exponential', decay: 0.8 }, 0.05],
    ['that stops at more than noise', 'warning', { type: 'exponential', decay: 0.8 }, 0.3],
    ['that takes a slow fall for a plateau', 'warning', { type: 'reduceOnPlateau', patience: 2 }, 0.05],
    ['that may have stopped because only noise is left', 'info', { type: 'exponential', decay: 0.8 }, 0.38],
    ['whose warm-up is longer than the run', undefined, { type: 'warmup', epochs: 20_000, start: 0 }, 0.05],
    ['that starts again late', undefined, { type: 'cosine', restartEpochs: 72 }, 0.05],
    ['that ends in the second half', undefined, { type: 'step', milestones: [50, 60, 65] }, 0.05],
    ['that ends with the run', undefined, { type: 'cosine' }, 0.05],
    ['that is over after its warm-up', undefined, { type: 'warmup', epochs: 20, start: 0 }, 0.05],
  ])('%s: ends learning too early as %s', (_, expected, schedule, leftByNeighbours) => {
    const severities = Array.from({ length: 200 }, (_, place) => {
      const look = at(5 * (place + 1), schedule, { data: { leftByNeighbours } as TrainingLook['data'] });
      return endedSchedule.find(look, endedSchedule.limits).map(({ severity }) => severity);
    });
    expect([...new Set(severities.flat())].filter(Boolean)).toEqual(expected ? [expected] : []);
  });

  /** What is said of updates of this size, relative to the weights, at a step. */
  function updatesAt(step: number, schedule: object, update: number, limits: LimitSettings = {}) {
    const checks = [{ step, stats: { dense1: { [updateRatio.key]: update } }, loss: 1, penalty: 0 }];
    const look = at(step, schedule, { checks, limits });
    return smallUpdate.find(look, limitsOf(smallUpdate, look)).map(({ severity }) => severity);
  }

  it('that is still far from the learning rate makes updates too small, from its first step to its last', () => {
    const seen = (step: number) => updatesAt(step, { type: 'warmup', epochs: 100_000, start: 0 }, 1e-5);
    expect([seen(20), seen(1000)]).toEqual([['warning'], ['warning']]);
  });

  it('makes updates small, and not the learning rate, below the limit that a person set', () => {
    const seen = (limits: LimitSettings) =>
      updatesAt(400, { type: 'exponential', decay: 0.8 }, 1e-20, limits);
    expect(seen({})).toEqual([]);
    expect(seen({ 'update/slowing/ended': 1e-9 })).toEqual(['error']);
  });

  it('that leaves nothing of the learning rate makes no update too small, whatever the limit', () => {
    expect(updatesAt(1000, { type: 'cosine' }, 0, { 'update/slowing/ended': 0 })).toEqual([]);
  });

  it('is not the learning rate where updates would be large enough without it', () => {
    expect(updatesAt(900, { type: 'cosine' }, 1e-5)).toEqual([undefined]);
    expect(updatesAt(900, { type: 'cosine' }, 1e-8)).toEqual(['error']);
  });
});

describe('steps that keep the loss above that of guessing', () => {
  /** Looks after which a layer's update was this part of its weights, and three epochs with a loss 20 % above that of guessing. */
  const found = (...ratios: readonly number[]) => {
    const analysis = analyze(textOf(small('relu')));
    const checks = ratios.map((ratio, place) => ({
      step: 10 * (place + 1),
      stats: { dense1: { [updateRatio.key]: ratio } },
      loss: 1.2,
      penalty: 0,
    }));
    const epochs = [1.2, 1.2, 1.2].map((loss, epoch) => ({ epoch: epoch + 1, step: 100, train: { loss } }));
    const { training } = analysis.spec;
    const look = { analysis, training, checks, epochs, baseline: { loss: 1 }, floor: 0 };
    return largeUpdate
      .find(look as unknown as TrainingLook, largeUpdate.limits)
      .map(({ severity, evidence: { value } }) => [severity, value]);
  };

  it('are reported by the largest update, where weights that have grown hide it', () =>
    expect(found(0.1, 0.8, 0.001)).toEqual([['warning', 0.8]]));
  it('are an error as long as each update is that large', () =>
    expect(found(0.1, 0.8, 0.7)).toEqual([['error', 0.7]]));
});

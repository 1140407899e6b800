/**
 * Networks of test/fixtures/faults that are quick to train: each has the findings that it declares, and their fixes remove them. All of them
 * are trained by `npm run diagnosis`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { check } from '../../engine/api.ts';
import { dataFindings, trainingFindings } from '../../engine/diagnose/registry.ts';
import { staticFindings } from '../../engine/diagnose/staticRegistry.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { findingsOf } from './diagnosed.ts';

const root = 'test/fixtures/faults';
const folders = ['', 'unseen', 'second', 'third', 'fourth', 'fifth', 'sixth', 'healthy', 'originals'].map(
  (set) => path.join(root, set),
);

const networks = folders.flatMap((folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.nn.json'))
    .map((name) => {
      const text = readFileSync(path.join(folder, name), 'utf8');
      return { name, folder, text, expected: /\/\/ expect: (.*)/.exec(text)?.[1].trim().split('|') ?? [] };
    }),
);
const named = (name: string) => networks.find((one) => one.name === `${name}.nn.json`)!;

describe('networks with and without faults', () => {
  // Rules of the data or of a training can have the same code as one of the text.
  const later = new Set<string>([...dataFindings, ...trainingFindings].map(({ code }) => code));
  const inText = new Set<string>(staticFindings.map(({ code }) => code).filter((code) => !later.has(code)));

  it('all declare their findings', () => {
    for (const { name, expected } of networks) expect(expected, name).not.toEqual([]);
  });

  it('have the declared findings of the text alone, and none if they are healthy', () => {
    for (const { name, text, expected } of networks) {
      const codes = check(text)
        .findings.filter(({ severity }) => severity !== 'info')
        .map(({ code }) => code);
      if (expected.includes('healthy')) expect(codes, name).toEqual([]);
      else if (expected.every((code) => inText.has(code)))
        expect(
          check(text).findings.filter(({ code }) => expected.includes(code)),
          name,
        ).not.toEqual([]);
    }
  });

  it.each([
    ['patients-numbered-by-state', 'data/leak', 'Remove column "patient"'],
    ['price-with-tax', 'data/leak', 'Remove column "taxed"'],
    ['column-that-never-changes', 'data/constantFeature', 'Remove column "site"'],
    ['bytes-not-scaled', 'data/notScaled', 'Standardize the data'],
    ['loss-without-weight', 'structure/nothingTrains', 'Set "weight" of the loss to 1'],
    ['learning-rate-zero', 'structure/nothingTrains', 'Set "learningRate" to 0.001'],
    ['clipped-to-nothing', 'update/tooSmall', 'Set "clipNorm" to 1'],
    ['schedule-that-stops', 'update/slowing', 'Remove "schedule"'],
    ['adam-epsilon-of-ten', 'update/tooSmall', 'Remove "epsilon"'],
    ['adagrad-at-a-ten-thousandth', 'update/tooSmall', 'Replace Adagrad with Adam'],
    ['softmax-of-one', 'output/lossMismatch', 'Remove "yes"'],
  ])('%s shows %s and offers: %s', async (name, code, title) => {
    const { text, folder } = named(name);
    const found = (await findingsOf(text, { folder })).find((one) => one.code === code);
    expect(found?.fix?.title).toBe(title);
    const edited = applyEdit(text, found!.fix!.edit);
    if ('problem' in edited) throw new Error(edited.problem);
    const again = await findingsOf(applyChanges(text, edited.changes), { folder });
    const left = again.filter((one) => one.code === code && one.layer === found?.layer);
    expect(left.filter(({ severity }) => severity !== 'info')).toEqual([]);
  });

  it.each([
    ['healthy-seven-to-three'],
    ['healthy-logistic'],
    ['healthy-bytes-minmax'],
    ['healthy-xor-sigmoid'],
    // Healthy networks that are near the limits of a rule.
    ['counts-poisson'],
    ['linear-one-neuron'],
    ['noisy-70-percent'],
    ['coin-weak'],
    ['passengers'],
    ['tiny-batch'],
    ['walk-rnn'],
    ['study-line'],
  ])('%s trains to its end without a warning', async (name) => {
    const { text, folder } = named(name);
    const warned = (await findingsOf(text, { folder })).filter(({ severity }) => severity !== 'info');
    expect(warned.map(({ message }) => message)).toEqual([]);
  });
});

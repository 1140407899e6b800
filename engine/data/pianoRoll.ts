/** Piano rolls: the keys that sound at each step of a tune, and at the next. */

import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { dataFile, integer } from '../schema/attributes.ts';
import type { ProblemError } from '../schema/problem.ts';
import { stepsText } from '../schema/text.ts';
import { dataError, defineDataset, type Split } from './define.ts';
import { readJson } from './json.ts';
import { refuseTooLarge } from './memory.ts';
import { copySequence, type RaggedStore } from './raggedRows.ts';
import { source } from './source.ts';

type Tune = readonly (readonly number[])[];

function readTunes(file: string, name: string, value: Json | undefined, keys: number): Tune[] {
  const fail = (place: string, expected: string): ProblemError =>
    dataError('data/format', l10n.t('{0}: {1}: expected {2}.', file, place, expected), 'file');
  if (!Array.isArray(value)) throw fail(name, l10n.t('a list of tunes'));
  return value.map((tune, index) => {
    if (!Array.isArray(tune)) throw fail(`${name}[${index}]`, l10n.t('a list of steps'));
    tune.forEach((step, t) => {
      const good =
        Array.isArray(step) &&
        step.every((key) => Number.isInteger(key) && (key as number) >= 0 && (key as number) < keys);
      if (!good) throw fail(`${name}[${index}][${t}]`, l10n.t('a list of keys from 0 to {0}', keys - 1));
    });
    return tune as unknown as Tune;
  });
}

/** Once as an input and once as a target. */
const bytesPerKey = 2;

/**
 * Cuts tunes into pieces of at most `length` steps, each with the keys one step later as its target. `refuse` throws if there are
 * too many steps.
 */
function cut(
  tunes: readonly Tune[],
  keys: number,
  length: number,
  refuse: (steps: number) => void,
): { readonly split: Split; readonly ragged: boolean } {
  const pieces = tunes.flatMap((tune) =>
    Array.from({ length: Math.ceil((tune.length - 1) / length) }, (_, piece) =>
      tune.slice(piece * length, (piece + 1) * length + 1),
    ),
  );
  const starts = new Int32Array(pieces.length + 1);
  pieces.forEach((piece, index) => {
    starts[index + 1] = starts[index] + piece.length - 1;
  });
  const total = starts[pieces.length];
  refuse(total);
  const now = new Uint8Array(total * keys);
  const next = new Uint8Array(total * keys);
  pieces.forEach((piece, index) => {
    for (let t = 0; t + 1 < piece.length; t++) {
      const row = (starts[index] + t) * keys;
      for (const key of piece[t]) now[row + key] = 1;
      for (const key of piece[t + 1]) next[row + key] = 1;
    }
  });
  const inputs: RaggedStore = { steps: now, features: keys, starts, length };
  const targets: RaggedStore = { ...inputs, steps: next };
  return {
    ragged: pieces.some((piece) => piece.length - 1 < length),
    split: {
      size: pieces.length,
      holds: [now, next, starts],
      fill(indices, count, batch) {
        for (let i = 0; i < count; i++) {
          const steps = copySequence(inputs, indices[i], batch.inputs[0], i);
          copySequence(targets, indices[i], batch.targets[0], i);
          if (batch.lengths) batch.lengths[i] = steps;
        }
      },
    },
  };
}

export const pianoRoll = defineDataset({
  type: 'pianoRoll',
  label: 'Piano rolls (JSON)',
  mayBeRagged: true,
  doc: `Tunes as lists of the keys that sound at each step, in a JSON file (plain or gzip): \`{ "keys": 88, "train": [[[27, 31], [27], …], …], "test": … }\`. From the keys of each
step, the network predicts those of the next. Inputs and targets have the shape [sequenceLength, keys], with 1 where a key sounds. Tunes are cut into pieces of
*sequenceLength* steps. The last piece of each tune is padded, and layers and losses ignore the padding. For *binaryCrossEntropy*, whose value times the number of keys is in nats per step.

[Boulanger-Lewandowski et al., 2012](https://arxiv.org/abs/1206.6392)`,
  files: [{ pattern: /\.json(\.gz)?$/i, attribute: 'file' }],
  attributes: {
    file: dataFile({ doc: 'The JSON file, relative to the network.' }),
    source,
    sequenceLength: integer({ default: 64, min: 1, max: 100000, doc: 'Steps of a piece.' }),
  },

  async open({ file, sequenceLength }, context) {
    const { content, lists } = await readJson(context, file, 'file');
    const counted = [lists];
    const keys = content.keys ?? 88;
    if (!Number.isInteger(keys) || (keys as number) < 1 || (keys as number) > 1024)
      throw dataError(
        'data/format',
        l10n.t('{0}: keys: expected an integer from 1 to 1024, found {1}.', file, JSON.stringify(keys)),
        'file',
      );
    const part = (name: string) =>
      cut(readTunes(file, name, content[name], keys as number), keys as number, sequenceLength, (steps) => {
        const bytes = bytesPerKey * steps * (keys as number);
        counted.push({ name: l10n.t('{0} of {1}', stepsText(steps), name), bytes });
        refuseTooLarge(context.memoryLimit, 'file', counted);
      });
    const train = part('train');
    if (train.split.size === 0)
      throw dataError('data/empty', l10n.t('{0}: train has no tune of at least two steps.', file), 'file');
    const test = content.test === undefined ? undefined : part('test');
    const shape = [sequenceLength, keys as number];
    return {
      inputs: [{ name: 'keys', shape }],
      targets: [{ name: 'next', type: 'float', shape }],
      state: { keys },
      ...(train.ragged || test?.ragged ? { ragged: true as const } : {}),
      train: train.split,
      ...(test && test.split.size > 0 ? { test: test.split } : {}),
    };
  },
});

/** Text: predict each next character, for language models. */

import * as l10n from '@vscode/l10n';
import { dataFile, integer, number } from '../schema/attributes.ts';
import type { ProblemError } from '../schema/problem.ts';
import { counted } from '../schema/text.ts';
import { dataError, defineDataset, type Split } from './define.ts';
import { keptFields, keptTexts } from './kept.ts';
import { refuseTooLarge } from './memory.ts';
import { source } from './source.ts';
import { textOf } from './textPieces.ts';

/** A larger character set is not an alphabet but binary data or a mistake. */
const mostSymbols = 20000;

interface Encoded {
  /** Sorted by code point. */
  readonly vocabulary: readonly string[];
  readonly ids: Int32Array;
}

/** Characters as numbers in `known`, or in a vocabulary of their own. Throws ProblemError for a character that `known` lacks. */
function encode(
  bytes: Uint8Array,
  name: string,
  known: readonly string[] | undefined,
  memoryLimit: number,
): Encoded {
  const different = new Set<string>();
  let length = 0;
  for (const piece of textOf(bytes, name, 'file')) {
    for (const symbol of piece) {
      different.add(symbol);
      length++;
    }
    if (different.size > mostSymbols) throw tooManySymbols(name);
  }
  refuseTooLarge(memoryLimit, 'file', [
    { name, bytes: bytes.length },
    { name: l10n.t('{0} as character numbers', name), bytes: 4 * length },
  ]);
  const vocabulary =
    known ?? [...different].sort((a, b) => (a.codePointAt(0) ?? 0) - (b.codePointAt(0) ?? 0));
  const idOf = new Map(vocabulary.map((symbol, id) => [symbol, id]));
  const ids = new Int32Array(length);
  let at = 0;
  for (const piece of textOf(bytes, name, 'file'))
    for (const symbol of piece) {
      const id = idOf.get(symbol);
      if (id === undefined)
        throw dataError(
          'data/vocabulary',
          l10n.t(
            '{0}: character {1} is "{2}", which does not occur in the text that the weights were trained on. Train again.',
            name,
            at + 1,
            symbol,
          ),
          'file',
        );
      ids[at++] = id;
    }
  return { vocabulary, ids };
}

const tooManySymbols = (name: string): ProblemError =>
  dataError(
    'data/vocabulary',
    l10n.t(
      '{0} has more than {1} different characters, more than can be distinguished. Check that it is text.',
      name,
      mostSymbols,
    ),
    'file',
  );

/** Windows of `ids[begin … end)`, each with its follower as target; window i starts at i · stride. */
function windows(ids: Int32Array, begin: number, end: number, length: number, stride: number): Split {
  const size = Math.max(0, Math.floor((end - begin - length - 1) / stride) + 1);
  return {
    size,
    holds: [ids],
    fill(indices, count, { inputs: [x], targets: [t] }) {
      for (let i = 0; i < count; i++) {
        const start = begin + indices[i] * stride;
        for (let step = 0; step < length; step++) {
          x[i * length + step] = ids[start + step];
          t[i * length + step] = ids[start + step + 1];
        }
      }
    },
  };
}

const fields = ({ sequenceLength }: { readonly sequenceLength: number }) => ({
  inputs: [{ name: 'characters', shape: [sequenceLength] }],
});

export const text = defineDataset({
  type: 'text',
  label: 'Text (next character)',
  doc: `A text file, cut into windows of characters. The target of each character is the next one. The vocabulary contains every character of the file, sorted.
Inputs are character numbers [sequenceLength], for an *embedding* layer; targets are the numbers of the next characters, for *softmaxCrossEntropy* on
[sequenceLength, characters]. The loss is then in nats per character.

The last part of the file is test data.`,
  files: [{ pattern: /\.(txt|text|md)(\.gz)?$/i, attribute: 'file' }],
  attributes: {
    file: dataFile({ doc: 'A text in UTF-8, relative to the network; plain or gzip.' }),
    source,
    sequenceLength: integer({ default: 100, min: 1, max: 100000, doc: 'Characters in a window.' }),
    stride: integer({
      default: 0,
      min: 0,
      doc: 'Characters from the start of one training window to the next. 0: windows do not overlap.',
    }),
    testFraction: number({
      default: 0.1,
      min: 0,
      below: 1,
      doc: 'Share of the text, at its end, that is test data.',
    }),
  },

  fields,

  async open(attributes, context) {
    const { file, sequenceLength, stride, testFraction } = attributes;
    const bytes = await context.readFile(file, 'file');
    const known = keptTexts(keptFields(context.trained).vocabulary);
    const { vocabulary, ids } = encode(bytes, file, known, context.memoryLimit);
    const border = ids.length - Math.floor(ids.length * testFraction);
    const train = windows(ids, 0, border, sequenceLength, stride || sequenceLength);
    const test = windows(ids, border, ids.length, sequenceLength, sequenceLength);
    if (train.size === 0 || (testFraction > 0 && test.size === 0))
      throw dataError(
        'data/too-short',
        l10n.t(
          '{0} has {1}, too few for windows of {2} in both parts. Lower "sequenceLength" or "testFraction".',
          file,
          counted(ids.length, 'characters'),
          sequenceLength,
        ),
        'sequenceLength',
      );
    const classes = vocabulary.length;
    return {
      inputs: fields(attributes).inputs.map((input) => ({ ...input, indicesBelow: classes })),
      targets: [{ name: 'next', type: 'int', shape: [sequenceLength], classes }],
      classNames: vocabulary,
      state: { vocabulary: [...vocabulary] },
      train,
      ...(test.size > 0 ? { test } : {}),
    };
  },
});

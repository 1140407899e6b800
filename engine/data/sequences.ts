/** Sequences: measurements over time, each sequence of one class. */

import * as l10n from '@vscode/l10n';
import type { Json } from '../schema/attributes.ts';
import { choice, dataFile } from '../schema/attributes.ts';
import type { ProblemError } from '../schema/problem.ts';
import type { ProblemCode } from '../schema/problemCodes.ts';
import { counted } from '../schema/text.ts';
import { type DataContext, type Dataset, dataError, defineDataset } from './define.ts';
import { type JsonObject, readJson } from './json.ts';
import { keptFields, keptTexts } from './kept.ts';
import { refuseTooLarge } from './memory.ts';
import { fitsFloat32 } from './numerals.ts';
import { raggedSplit } from './raggedRows.ts';
import { indexBound } from './rows.ts';
import { fitScaling, keptScaling, scaled, trainedScaling } from './scaling.ts';
import { source } from './source.ts';

interface Part {
  readonly name: 'train' | 'test';
  readonly x: readonly Json[];
  readonly y: readonly Json[];
}

class SequenceFile {
  /** In the order of the file. */
  readonly classes: readonly string[];
  readonly #file: string;

  constructor(file: string, content: JsonObject) {
    this.#file = file;
    const { classes } = content;
    if (!Array.isArray(classes) || classes.length < 2)
      throw this.fail('data/classes', l10n.t('expected "classes", a list of at least two names.'));
    this.classes = classes.map((name) => (typeof name === 'string' ? name : JSON.stringify(name)));
    const seen = new Set<string>();
    const twice = this.classes.find((name) => seen.size === seen.add(name).size);
    if (twice !== undefined)
      throw this.fail('data/classes', l10n.t('"classes" names "{0}" twice. Give each its own name.', twice));
  }

  fail(code: ProblemCode, message: string): ProblemError {
    return dataError(code, `${this.#file}: ${message}`, 'file');
  }

  part(name: 'train' | 'test', value: Json | undefined): Part {
    const given = typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
    const { x, y } = given;
    if (!Array.isArray(x) || !Array.isArray(y) || x.length === 0)
      throw this.fail(
        'data/format',
        l10n.t('expected "{0}" with "x", a list of sequences, and "y", the class of each.', name),
      );
    if (x.length !== y.length)
      throw this.fail(
        'data/count',
        l10n.t(
          '"{0}" has {1}, but {2} in "y". Give one class for each sequence.',
          name,
          counted(x.length, 'sequences'),
          counted(y.length, 'classes'),
        ),
      );
    return { name, x, y };
  }

  /** The number of features of a time step: that of the first step. */
  features({ x: [first] }: Part): number {
    const features = Array.isArray(first) && Array.isArray(first[0]) ? first[0].length : 0;
    if (features > 0) return features;
    throw this.fail(
      'data/format',
      l10n.t('train.x[0][0]: expected a list with one number for each feature.'),
    );
  }

  /** Steps of one sequence, checked. */
  steps({ name, x }: Part, index: number, features: number): Steps {
    const sequence = x[index];
    if (!Array.isArray(sequence) || sequence.length === 0)
      throw this.fail(
        'data/format',
        l10n.t('{0}.x[{1}]: expected a list of at least one time step.', name, index),
      );
    sequence.forEach((step, t) => {
      const good =
        Array.isArray(step) &&
        step.length === features &&
        step.every((value) => typeof value === 'number' && fitsFloat32(value));
      if (!good)
        throw this.fail(
          'data/number',
          l10n.t(
            '{0}.x[{1}][{2}]: expected a list of {3} up to 3.4e38, found {4}.',
            name,
            index,
            t,
            counted(features, 'numbers'),
            JSON.stringify(step)?.slice(0, 40) ?? 'undefined',
          ),
        );
    });
    return sequence as unknown as number[][];
  }

  label({ name, y }: Part, index: number): number {
    const label = y[index];
    if (Number.isInteger(label) && (label as number) >= 0 && (label as number) < this.classes.length)
      return label as number;
    throw this.fail(
      'data/labels',
      l10n.t(
        '{0}.y[{1}]: expected a class index from 0 to {2}, found {3}.',
        name,
        index,
        this.classes.length - 1,
        JSON.stringify(label),
      ),
    );
  }
}

async function read(
  file: string,
  normalize: 'none' | 'standardize' | 'minmax',
  context: DataContext,
): Promise<Dataset> {
  const { content, lists } = await readJson(context, file, 'file');
  const reader = new SequenceFile(file, content);
  const parts = [reader.part('train', content.train)];
  if (content.test !== undefined) parts.push(reader.part('test', content.test));
  const features = reader.features(parts[0]);
  const sequences = parts.flatMap((part) => part.x.map((_, index) => reader.steps(part, index, features)));
  const kept = keptFields(context.trained);
  const classes = trainedClasses(reader, kept.classes);
  const targets = targetsOf(reader, parts, classes);
  const starts = startsOf(sequences);
  refuseTooLarge(context.memoryLimit, 'file', [
    lists,
    { name: l10n.t('{0} as numbers', file), bytes: starts[sequences.length] * features * 12 },
  ]);
  const values = valuesOf(sequences, starts, features);
  const trainCount = parts[0].x.length;
  const trainSteps = Int32Array.from({ length: starts[trainCount] }, (_, step) => step);
  const scaling =
    trainedScaling(kept.scaling, features) ?? fitScaling(values, features, trainSteps, normalize);
  const steps = scaled(values, features, scaling, (step, feature, problem) =>
    reader.fail('data/number', `${placeOf(parts, starts, step)}[${feature}]: ${problem}`),
  );
  const lengths = sequences.map((sequence) => sequence.length);
  const length = lengths.reduce((most, one) => Math.max(most, one));
  const store = { steps, features, starts, length };
  const indicesBelow = indexBound(steps);
  return {
    inputs: [
      {
        name: 'sequence',
        shape: [length, features],
        ...(indicesBelow === undefined ? {} : { indicesBelow }),
      },
    ],
    targets: [{ name: 'class', type: 'int', shape: [], classes: classes.length }],
    ...(lengths.some((one) => one < length) ? { ragged: true as const } : {}),
    classNames: classes,
    state: { scaling: keptScaling(scaling), classes: [...classes] },
    train: raggedSplit(store, targets, 0, trainCount),
    ...(parts.length > 1
      ? { test: raggedSplit(store, targets, trainCount, sequences.length - trainCount) }
      : {}),
  };
}

/** Time steps of one sequence, each a list of features. */
type Steps = readonly (readonly number[])[];

/** The class of each sequence as its place in `classes`; −1 for a class that is not among them. */
function targetsOf(reader: SequenceFile, parts: readonly Part[], classes: readonly string[]): Int32Array {
  const places = new Map(classes.map((name, place) => [name, place]));
  const placeOf = (part: Part, index: number) => places.get(reader.classes[reader.label(part, index)]) ?? -1;
  return Int32Array.from(parts.flatMap((part) => part.y.map((_, index) => placeOf(part, index))));
}

/** The number of steps before each sequence; at the end, the number of all steps. */
function startsOf(sequences: readonly Steps[]): Int32Array {
  const starts = new Int32Array(sequences.length + 1);
  sequences.forEach((sequence, index) => {
    starts[index + 1] = starts[index] + sequence.length;
  });
  return starts;
}

/** All values: [steps of all sequences, features]. */
function valuesOf(sequences: readonly Steps[], starts: Int32Array, features: number): Float64Array {
  const values = new Float64Array(starts[sequences.length] * features);
  sequences.forEach((sequence, index) => {
    sequence.forEach((step, t) => {
      values.set(step, (starts[index] + t) * features);
    });
  });
  return values;
}

/** Where a step is in the file: "test.x[3][0]". */
function placeOf([train, test]: readonly Part[], starts: Int32Array, step: number): string {
  const sequence = starts.findLastIndex((start) => start <= step);
  const trainCount = train.x.length;
  const [part, index] = sequence < trainCount ? [train, sequence] : [test, sequence - trainCount];
  return `${part.name}.x[${index}][${step - starts[sequence]}]`;
}

/** The classes in the order of the weights or, for new weights, of the file. Throws ProblemError for other classes. */
function trainedClasses(reader: SequenceFile, kept: Json | undefined): readonly string[] {
  const classes = keptTexts(kept);
  if (!classes) return reader.classes;
  const known = new Set(classes);
  if (reader.classes.every((name) => known.has(name))) return classes;
  throw reader.fail(
    'data/classes',
    l10n.t(
      'has the classes {0}, but the weights were trained on {1}. Train again.',
      reader.classes.join(', '),
      classes.join(', '),
    ),
  );
}

export const sequences = defineDataset({
  type: 'sequences',
  label: 'Sequences (JSON)',
  mayBeRagged: true,
  doc: `Measurements over time in a JSON file (plain or gzip). Each sequence belongs to one class:

\`\`\`json
{ "classes": ["still", "moving"],
  "train": { "x": [[[0.1, 0.2], [0.3, 0.1]], …], "y": [0, …] },
  "test":  { "x": …, "y": … } }
\`\`\`

x[i][t] lists the features at time step t, and y[i] is the class index. Sequences may differ in length. Shorter ones are padded with zeros, and
layers and losses ignore the padding. Inputs have the shape [longest, features].`,
  files: [{ pattern: /\.json(\.gz)?$/i, attribute: 'file' }],
  attributes: {
    file: dataFile({ doc: 'The JSON file, relative to the network.' }),
    source,
    normalize: choice(['none', 'standardize', 'minmax'], {
      default: 'standardize',
      doc: 'Bring each feature to a common scale by statistics of the training part: mean 0 and standard deviation 1, or 0 … 1.',
    }),
  },
  async open({ file, normalize }, context) {
    return read(file, normalize, context);
  },
});

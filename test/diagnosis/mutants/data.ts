/** Mistakes in the data: scales, labels, classes, leaks, too few samples. */
import type { BatchBuffers, Dataset, Split } from '../../../engine/data/define.ts';
import { isLookedUp } from '../../../engine/diagnose/network.ts';
import { inputLayers } from '../../../engine/graph/inputs.ts';
import type { Random } from '../../../engine/kernels/random.ts';
import { sizeOf } from '../../../engine/layers/define.ts';
import { learnsLittle, type Mutation, type Operator } from './define.ts';
import { tooLarge } from './training.ts';

/** A split whose samples are changed after they were read. `indices` are those of the batch. */
const after = (
  split: Split,
  change: (indices: Int32Array, count: number, batch: BatchBuffers) => void,
): Split => ({
  size: split.size,
  fill(indices, count, batch) {
    split.fill(indices, count, batch);
    change(indices, count, batch);
  },
});

/** Some of the samples of a split, in this order. */
const chosen = (split: Split, places: Int32Array): Split => ({
  size: places.length,
  fill(indices, count, batch) {
    split.fill(
      Int32Array.from(indices.subarray(0, count), (index) => places[index]),
      count,
      batch,
    );
  },
});

const both = ({ test, ...dataset }: Dataset, change: (split: Split) => Split): Dataset => ({
  ...dataset,
  train: change(dataset.train),
  ...(test ? { test: change(test) } : {}),
});

/** All samples of a split, by field. */
function samplesOf(dataset: Dataset, split: Split): BatchBuffers {
  const numbers = (shape: readonly number[]) => split.size * sizeOf(shape);
  const buffers = {
    inputs: dataset.inputs.map(({ shape }) => new Float32Array(numbers(shape))),
    targets: dataset.targets.map(({ shape, type }) =>
      type === 'int' ? new Int32Array(numbers(shape)) : new Float32Array(numbers(shape)),
    ),
    ...(dataset.ragged ? { lengths: new Int32Array(split.size) } : {}),
  };
  split.fill(
    Int32Array.from({ length: split.size }, (_, index) => index),
    split.size,
    buffers,
  );
  return buffers;
}

const targetsOf = (dataset: Dataset, split: Split) => samplesOf(dataset, split).targets;

/** Every third test sample is a training sample. */
function mixed(dataset: Dataset): Dataset {
  const { test, train } = dataset;
  if (!test) return dataset;
  const samples = samplesOf(dataset, train);
  const copy = (to: BatchBuffers['targets'], from: BatchBuffers['targets'], row: number, source: number) => {
    from.forEach((values, field) => {
      const size = values.length / train.size;
      to[field].set(values.subarray(source * size, (source + 1) * size), row * size);
    });
  };
  return {
    ...dataset,
    test: after(test, (indices, count, batch) => {
      for (let row = 0; row < count; row++) {
        if (indices[row] % 3 !== 0) continue;
        const source = indices[row] % train.size;
        copy(batch.inputs, samples.inputs, row, source);
        copy(batch.targets, samples.targets, row, source);
        if (batch.lengths && samples.lengths) batch.lengths[row] = samples.lengths[source];
      }
    }),
  };
}

/** Changes each value of the inputs, by its feature. */
const inputs =
  (change: (value: number, feature: number) => number) =>
  (dataset: Dataset): Dataset =>
    both(dataset, (split) =>
      after(split, (_, count, batch) => {
        dataset.inputs.forEach(({ shape }, field) => {
          const [size, features] = [sizeOf(shape), shape.at(-1) ?? 1];
          const values = batch.inputs[field];
          for (let i = 0; i < count * size; i++) values[i] = change(values[i], i % features);
        });
      }),
    );

/** Gives a share of the training samples the targets of other samples. */
const shuffled =
  (share: number) =>
  (dataset: Dataset, random: Random): Dataset => {
    const targets = targetsOf(dataset, dataset.train);
    const source = Int32Array.from({ length: dataset.train.size }, (_, index) =>
      random.uniform() < share ? Math.floor(random.uniform() * dataset.train.size) : index,
    );
    return {
      ...dataset,
      train: after(dataset.train, (indices, count, batch) => {
        dataset.targets.forEach(({ shape }, field) => {
          const size = sizeOf(shape);
          for (let row = 0; row < count; row++) {
            const from = source[indices[row]] * size;
            batch.targets[field].set(targets[field].subarray(from, from + size), row * size);
          }
        });
      }),
    };
  };

/** The training samples that a rule keeps, where classes are single labels. */
const kept =
  (isKept: (label: number, random: Random) => boolean) =>
  (dataset: Dataset, random: Random): Dataset => {
    const [labels] = targetsOf(dataset, dataset.train);
    const places = Array.from(labels.keys()).filter((row) => isKept(labels[row], random));
    return { ...dataset, train: chosen(dataset.train, Int32Array.from(places)) };
  };

const few =
  (share: number) =>
  (dataset: Dataset, random: Random): Dataset => {
    const places = Array.from({ length: dataset.train.size }, (_, row) => row).filter(
      () => random.uniform() < share,
    );
    return { ...dataset, train: chosen(dataset.train, Int32Array.from(places.length > 0 ? places : [0])) };
  };

type Applies = (look: Parameters<Operator['mutate']>[0]) => boolean;

const hasReals: Applies = ({ analysis: { graph } }) =>
  inputLayers(graph).every(({ name, spec }) => spec.type === 'input' && !isLookedUp(graph, name));
const isTable: Applies = (look) =>
  hasReals(look) &&
  inputLayers(look.analysis.graph).length === 1 &&
  inputLayers(look.analysis.graph)[0].inferred.output.length === 1 &&
  inputLayers(look.analysis.graph)[0].inferred.output[0] >= 2;
const hasClasses: Applies = ({ analysis }) =>
  (analysis.spec.training?.losses ?? []).every(({ type }) =>
    ['softmaxCrossEntropy', 'negativeLogLikelihood', 'binaryCrossEntropy', 'hinge'].includes(type),
  ) && ['csv', 'points', 'shapes', 'idx'].includes(analysis.spec.training?.data.type ?? '');
const hasValues: Applies = ({ analysis }) =>
  (analysis.spec.training?.losses ?? []).every(({ type }) =>
    ['meanSquaredError', 'meanAbsoluteError', 'huber'].includes(type),
  ) && analysis.spec.training?.data.type === 'csv';

const changing =
  (applies: Applies, change: NonNullable<Mutation['change']>): Operator['mutate'] =>
  (look) =>
    applies(look) ? { change } : undefined;

const unscaled = ['data/notScaled', 'data/outliers', 'loss/initial', ...tooLarge] as const;

export const dataOperators: readonly Operator[] = [
  {
    name: 'inputs × 1000',
    causes: unscaled,
    symptoms: learnsLittle,
    mutate: changing(
      hasReals,
      inputs((value) => 1000 * value),
    ),
  },
  {
    name: 'inputs + 100',
    causes: unscaled,
    symptoms: learnsLittle,
    mutate: changing(
      hasReals,
      inputs((value) => value + 100),
    ),
  },
  {
    name: 'inputs × 30',
    causes: unscaled,
    symptoms: learnsLittle,
    mutate: changing(
      hasReals,
      inputs((value) => 30 * value),
    ),
  },
  {
    name: 'inputs + 10',
    causes: unscaled,
    symptoms: learnsLittle,
    mutate: changing(
      hasReals,
      inputs((value) => value + 10),
    ),
  },
  {
    name: 'inputs / 1000',
    causes: ['data/notScaled', 'update/tooSmall', 'gradient/vanishing'],
    symptoms: learnsLittle,
    mutate: changing(
      hasReals,
      inputs((value) => value / 1000),
    ),
  },
  {
    name: 'one column × 1000',
    causes: unscaled,
    symptoms: learnsLittle,
    mutate: changing(
      isTable,
      inputs((value, feature) => (feature === 0 ? 1000 * value : value)),
    ),
  },
  {
    name: 'half of the columns are constant',
    causes: ['data/constantFeature'],
    symptoms: learnsLittle,
    mutate: changing(
      isTable,
      inputs((value, feature) => (feature % 2 === 0 ? 0.5 : value)),
    ),
  },
  {
    name: 'targets × 1000',
    causes: ['data/notScaled', 'loss/initial', ...tooLarge],
    symptoms: learnsLittle,
    mutate: changing(hasValues, (dataset) =>
      both(dataset, (split) =>
        after(split, (_, count, { targets }) => {
          for (let i = 0; i < count * sizeOf(dataset.targets[0].shape); i++) targets[0][i] *= 1000;
        }),
      ),
    ),
  },
  ...[1, 0.8, 0.5].map(
    (share): Operator => ({
      name: `${100 * share} % of the targets are those of other samples`,
      causes: ['data/labelNoise', 'fit/overfitting'],
      symptoms: learnsLittle,
      mutate: changing(() => true, shuffled(share)),
    }),
  ),
  {
    name: 'one class has 2 % of its samples',
    causes: ['data/imbalanced'],
    symptoms: [...learnsLittle, 'fit/overfitting'],
    mutate: changing(
      hasClasses,
      kept((label, random) => label !== 0 || random.uniform() < 0.02),
    ),
  },
  {
    name: 'all classes but the first have 1 % of their samples',
    causes: ['data/imbalanced'],
    symptoms: [...learnsLittle, 'fit/overfitting'],
    mutate: changing(
      hasClasses,
      kept((label, random) => label === 0 || random.uniform() < 0.01),
    ),
  },
  {
    name: 'the target is in a column',
    causes: ['data/leak'],
    symptoms: [],
    planted: true,
    mutate: changing(
      (look) => isTable(look) && (hasClasses(look) || hasValues(look)),
      (dataset) =>
        both(dataset, (split) =>
          after(split, (_, count, batch) => {
            const size = sizeOf(dataset.inputs[0].shape);
            for (let row = 0; row < count; row++) batch.inputs[0][row * size] = batch.targets[0][row];
          }),
        ),
    ),
  },
  {
    name: 'the target with a little noise is in a column',
    causes: ['data/leak'],
    symptoms: [],
    planted: true,
    mutate: changing(
      (look) => isTable(look) && (hasClasses(look) || hasValues(look)),
      (dataset, random) => {
        const targets = Array.from(targetsOf(dataset, dataset.train)[0]);
        const mean = targets.reduce((sum, value) => sum + value, 0) / targets.length;
        const deviation = Math.hypot(...targets.map((value) => value - mean)) / Math.sqrt(targets.length);
        const noise = Float64Array.from({ length: 1009 }, () => 0.03 * deviation * random.normal());
        return both(dataset, (split) =>
          after(split, (indices, count, batch) => {
            const size = sizeOf(dataset.inputs[0].shape);
            for (let row = 0; row < count; row++)
              batch.inputs[0][row * size] = batch.targets[0][row] + noise[indices[row] % noise.length];
          }),
        );
      },
    ),
  },
  {
    name: 'a third of the test samples are training samples',
    causes: ['data/leak'],
    symptoms: [],
    planted: true,
    mutate: changing(hasReals, mixed),
  },
  {
    name: 'the test samples are training samples',
    causes: ['data/leak'],
    symptoms: [],
    planted: true,
    mutate: changing(hasReals, ({ test, ...dataset }) => ({
      ...dataset,
      ...(test
        ? {
            test: chosen(
              dataset.train,
              Int32Array.from({ length: Math.min(test.size, dataset.train.size) }, (_, i) => i),
            ),
          }
        : {}),
    })),
  },
  ...[0.03].map(
    (share): Operator => ({
      name: `${100 * share} % of the training samples`,
      causes: ['fit/overfitting', 'update/tooSmall'],
      symptoms: learnsLittle,
      mutate: changing(() => true, few(share)),
    }),
  ),
];

/** Every network in examples/, opened for a short training: real generated data where it has them, random ones in place of files. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataContext, Dataset, Field, Split } from '../../engine/data/define.ts';
import { datasets } from '../../engine/data/registry.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import type { Analysis, TypedLayer } from '../../engine/graph/typed.ts';
import { purposeOf, Random } from '../../engine/kernels/random.ts';
import { sizeOf } from '../../engine/layers/define.ts';
import type { TargetSpec } from '../../engine/losses/define.ts';
import { losses } from '../../engine/losses/registry.ts';
import type { TrainingSpec } from '../../engine/spec/document.ts';

const folder = path.resolve(import.meta.dirname, '../../examples');

/** Text of every example and lesson, by its path within examples/. */
export const examples: ReadonlyMap<string, string> = new Map(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.nn.json') && !name.includes('.netloom/'))
    .sort()
    .map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
);

export interface Opened {
  readonly analysis: Analysis;
  readonly training: TrainingSpec;
  readonly dataset: Dataset;
}

/** A network with the first `trainSamples` and `testSamples` of its data. */
export async function openShort(text: string, trainSamples: number, testSamples: number): Promise<Opened> {
  const analysis = analyze(text);
  const { training } = analysis.spec;
  if (!analysis.trainable || !training)
    throw new Error(analysis.diagnostics.map(({ message }) => message).join('\n'));
  const { type, attributes } = training.data;
  const full = namesFiles(attributes)
    ? randomData(analysis, training)
    : await datasets.get(type).open(attributes, noFiles);
  const dataset: Dataset = {
    ...full,
    train: first(full.train, trainSamples),
    test: first(full.test ?? full.train, testSamples),
  };
  return { analysis, training, dataset };
}

const noFiles: DataContext = {
  seed: 1,
  memoryLimit: 2 ** 31,
  readFile: () => Promise.reject(new Error('generated data reads no files')),
  readPieces: () => {
    throw new Error('generated data reads no files');
  },
};

const namesFiles = (attributes: { readonly [name: string]: unknown }): boolean =>
  ['file', 'images'].some((name) => attributes[name] !== undefined);

const first = (split: Split, size: number): Split => ({
  size: Math.min(size, split.size),
  fill: (indices, count, buffers) => split.fill(indices, count, buffers),
});

/** Random inputs and targets of the shapes that the network's inputs and losses have. */
function randomData({ graph }: Analysis, training: TrainingSpec): Dataset {
  const inputs = graph.layers
    .filter(({ from }) => from.length === 0)
    .map((layer) => inputField(layer, graph.layers));
  const targets = training.losses.map((loss, index): Field & TargetSpec => {
    const prediction = (graph.byName.get(loss.from.layer) as TypedLayer).inferred.output;
    const inferred = losses.get(loss.type).infer(loss.attributes, prediction, undefined);
    if ('problem' in inferred) throw new Error(inferred.problem.message);
    return { name: `target ${index + 1}`, ...inferred.target };
  });
  const size = 1000;
  const split: Split = {
    size,
    fill(indices, count, buffers) {
      for (let row = 0; row < count; row++) {
        const random = new Random(1, purposeOf('sample'), indices[row]);
        for (const [i, field] of inputs.entries())
          fillRow(buffers.inputs[i], row, field, field.indicesBelow, random);
        for (const [i, field] of targets.entries())
          fillRow(buffers.targets[i], row, field, field.classes, random);
      }
    },
  };
  return { inputs, targets, train: split, test: split };
}

/** Values for a layer that computes with its input, whole numbers for one that looks them up in a table. */
function inputField({ name, inferred }: TypedLayer, layers: readonly TypedLayer[]): Field {
  const reader = layers.find(({ from }) => from.some(({ layer }) => layer === name));
  const rows = reader?.spec.attributes.vocabularySize;
  return { name, shape: inferred.output, ...(rows === undefined ? {} : { indicesBelow: Number(rows) }) };
}

function fillRow(
  values: Float32Array | Float64Array | Int32Array,
  row: number,
  { shape }: Field,
  below: number | undefined,
  random: Random,
): void {
  const length = sizeOf(shape);
  for (let i = row * length; i < (row + 1) * length; i++)
    values[i] = below === undefined ? random.normal() : random.below(below);
}

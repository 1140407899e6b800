/** Every network in examples/, opened for a short training: with its generated data if it has any, otherwise with random data instead of files. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { DataContext, Dataset, Split } from '../../engine/data/define.ts';
import { datasets } from '../../engine/data/registry.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import type { Analysis } from '../../engine/graph/typed.ts';
import type { TrainingSpec } from '../../engine/spec/document.ts';
import { randomData } from './randomData.ts';

const folder = path.resolve(import.meta.dirname, '../../examples');

/** The text of every example and lesson, by its path within examples/. */
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

/** Opens datasets on files in a temporary folder, and reads samples from them. */

import { mkdtempSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject } from 'vitest';
import type { DataContext, Dataset, Split } from '../../engine/data/define.ts';
import { fileContext } from '../../engine/data/files.ts';
import { datasets } from '../../engine/data/registry.ts';
import { sizeOf } from '../../engine/layers/define.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { ProblemError } from '../../engine/schema/problem.ts';

/** One for all test files of a process, because they share this module. */
export const folder = mkdtempSync(join(inject('temporaryFolder'), 'data-'));

export type Files = { readonly [name: string]: string | Uint8Array };
export type Spec = { readonly type: string; readonly [attribute: string]: Json };

export async function open(
  files: Files,
  spec: Spec,
  seed = 1,
  context: Partial<DataContext> = {},
): Promise<Dataset> {
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  const reading = datasets.read(spec as Json);
  if ('problems' in reading) throw new Error(reading.problems.map(({ message }) => message).join('; '));
  return datasets
    .get(spec.type)
    .open(reading.value.attributes, fileContext(folder, { seed, memoryLimit: 2 ** 31, ...context }));
}

/** Expects a ProblemError with this code whose message contains all of `parts`. */
export async function refuses(files: Files, spec: Spec, code: string, ...parts: string[]): Promise<void> {
  const error = await open(files, spec).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ProblemError);
  expect(error).toMatchObject({ code });
  for (const part of parts) expect((error as ProblemError).message).toContain(part);
}

export interface Taken {
  readonly inputs: number[];
  readonly targets: number[];
  readonly lengths: number[];
}

export function take(dataset: Dataset, split: Split | undefined, ...indices: number[]): Taken {
  const count = indices.length;
  const x = new Float64Array(count * sizeOf(dataset.inputs[0].shape)).fill(Number.NaN);
  const t = new Float64Array(count * sizeOf(dataset.targets[0].shape)).fill(Number.NaN);
  const lengths = new Int32Array(count);
  split?.fill(Int32Array.from(indices), count, { inputs: [x], targets: [t], lengths });
  return { inputs: [...x], targets: [...t], lengths: [...lengths] };
}

export const all = (split: Split | undefined): number[] =>
  Array.from({ length: split?.size ?? 0 }, (_, i) => i);

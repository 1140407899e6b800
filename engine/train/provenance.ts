/**
 * Provenance: the data that weights were trained on, and how it was read. It is kept in the weights file, so that an evaluation
 * splits and scales the data as the training did, even if the spec has changed since.
 */

import * as l10n from '@vscode/l10n';
import { datasets } from '../data/registry.ts';
import type { Warning } from '../protocol/events.ts';
import type { Json } from '../schema/attributes.ts';
import type { Described } from '../schema/kind.ts';
import { ProblemError } from '../schema/problem.ts';
import type { TrainingSpec } from '../spec/document.ts';

/** Key of the weights file's metadata. */
export const provenanceKey = 'trainedOn';

export interface Provenance {
  readonly seed: number;
  readonly data: Described;
  /** SHA-256 of each file that was read, by the attribute that names it. */
  readonly files: { readonly [attribute: string]: string };
  /** State of the dataset: scaling, classes, vocabulary. */
  readonly state: Json;
}

export function writeProvenance({ data, ...rest }: Provenance): string {
  return JSON.stringify({ ...rest, data: { type: data.type, ...data.attributes } });
}

/** Undefined for weights of another program or version. */
export function readProvenance(text: string | undefined): Provenance | undefined {
  if (text === undefined) return undefined;
  try {
    const { seed, data, files, state } = JSON.parse(text) as { [key: string]: Json };
    const reading = datasets.read(data);
    const hashes = Object.entries((files ?? {}) as { [attribute: string]: Json });
    const good =
      Number.isSafeInteger(seed) &&
      'value' in reading &&
      hashes.every(([, hash]) => typeof hash === 'string');
    if (!good) return undefined;
    return {
      seed: seed as number,
      data: reading.value,
      files: Object.fromEntries(hashes) as Provenance['files'],
      state: state ?? null,
    };
  } catch {
    return undefined;
  }
}

/**
 * The training section with the seed and the data section of the weights' training, and a warning for each difference. Paths of
 * files are those of the current spec. Throws ProblemError if the data has another type.
 */
export function asTrained(
  training: TrainingSpec,
  trained: Provenance,
): { readonly training: TrainingSpec; readonly warnings: readonly Warning[] } {
  const now = training.data;
  const then = trained.data;
  if (then.type !== now.type)
    throw new ProblemError(
      'weights/other-data',
      l10n.t(
        'the weights were trained on data of type "{0}", but the network now says "{1}". Train it again, or set the type back.',
        then.type,
        now.type,
      ),
      ['training', 'data', 'type'],
    );
  const warnings: Warning[] = [];
  const changed = (name: string, before: unknown, after: unknown, path: Warning['path']) =>
    warnings.push({
      code: 'weights/other-data',
      message: l10n.t(
        '"{0}" was {1} when the weights were trained and is {2} now. They are evaluated with {1}; train again to use {2}.',
        name,
        JSON.stringify(before),
        JSON.stringify(after),
      ),
      path,
    });
  if (trained.seed !== training.seed) changed('seed', trained.seed, training.seed, ['training', 'seed']);
  const attributes: { [name: string]: unknown } = {};
  for (const [name, attribute] of Object.entries(datasets.get(now.type).attributes)) {
    const [before, after] = [then.attributes[name], now.attributes[name]];
    attributes[name] = attribute.location ? after : before;
    if (!attribute.location && JSON.stringify(before) !== JSON.stringify(after))
      changed(name, before, after, ['training', 'data', name]);
  }
  return {
    training: { ...training, seed: trained.seed, data: { type: now.type, attributes } },
    warnings,
  };
}

/** A warning for each file whose contents differ from those of the training. */
export function changedFiles(trained: Provenance, files: Provenance['files']): Warning[] {
  return Object.entries(files)
    .filter(([attribute, hash]) => trained.files[attribute] !== hash)
    .map(([attribute]) => ({
      code: 'weights/other-data',
      message:
        trained.files[attribute] === undefined
          ? l10n.t('"{0}" names a file that the training did not read.', attribute)
          : l10n.t(
              'the file of "{0}" is not the one of the training: its contents differ. Samples that were trained on may now be among those scored.',
              attribute,
            ),
      path: ['training', 'data', attribute],
    }));
}

/** A warning for weights without information on their training data. */
export const unknownProvenance = (): Warning => ({
  code: 'weights/unknown-data',
  message: l10n.t(
    'the weights do not say what they were trained on. The samples scored may be ones that were trained on, and may be scaled differently; train again to be sure.',
  ),
  path: ['training', 'data'],
});

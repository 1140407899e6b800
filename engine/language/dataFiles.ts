/** Data files that are dropped or pasted into a network: the datasets that read such files, and the edit that names them. */
import * as l10n from '@vscode/l10n';
import type { DatasetDefinition } from '../data/define.ts';
import { datasets } from '../data/registry.ts';
import { isRequired } from '../schema/attributes.ts';
import { kindOf } from '../spec/grammar.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import type { NetworkText } from './networkText.ts';

export interface DataFileEdit {
  readonly title: string;
  readonly edit: SpecEdit;
}

/** The most likely first. `paths` are relative to the network, with forward slashes. */
export function editsForFiles(paths: readonly string[], network: NetworkText): DataFileEdit[] {
  const written = kindOf(datasets, network.node(['training', 'data']))?.type;
  return [...datasets].flatMap((dataset) => {
    const attributes = attributesFor(dataset, paths, dataset.type === written);
    if (!attributes) return [];
    const title = l10n.t('Use as data: {0}', dataset.label);
    return [{ title, edit: editFor(dataset, attributes, dataset.type === written) }];
  });
}

/** Undefined if the dataset does not read all of these files. */
function attributesFor(
  { files = [], attributes: table }: DatasetDefinition,
  paths: readonly string[],
  isThere: boolean,
): { readonly [name: string]: string } | undefined {
  // A test set alone is no dataset.
  const patterns =
    isThere || paths.length > 1 ? files : files.filter(({ attribute }) => isRequired(table[attribute]));
  const attributes: { [name: string]: string } = {};
  for (const path of paths) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const suited = patterns.find(
      ({ pattern, attribute }) => pattern.test(name) && !Object.hasOwn(attributes, attribute),
    );
    if (!suited) return undefined;
    attributes[suited.attribute] = path;
  }
  return paths.length > 0 ? attributes : undefined;
}

/** An existing dataset keeps its other settings. */
function editFor(
  { type }: DatasetDefinition,
  attributes: { readonly [name: string]: string },
  isThere: boolean,
): SpecEdit {
  if (!isThere) return { kind: 'setTraining', path: ['data'], value: { type, ...attributes } };
  const edits = Object.entries(attributes).map(
    ([name, value]): SpecEdit => ({ kind: 'setTraining', path: ['data', name], value }),
  );
  return { kind: 'several', edits };
}

/** Checks the name of a layer, for the two fields in which it is typed. */
import * as l10n from '@vscode/l10n';
import { nameProblem } from '../../engine/spec/reference.ts';
import type { NetworkView } from './network.ts';

/** The reason why `name` cannot become `newName`; undefined if it can. */
export function renameProblem(
  view: NetworkView | undefined,
  name: string,
  newName: string,
): string | undefined {
  if (newName === name) return undefined;
  return view?.byName.has(newName)
    ? l10n.t('There is already a layer named "{0}".', newName)
    : nameProblem(newName);
}

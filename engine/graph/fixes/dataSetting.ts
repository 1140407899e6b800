/** The edit that changes one attribute of a network's data, for a mistake that was found in the data. */
import * as l10n from '@vscode/l10n';
import type { DataSetting } from '../../data/define.ts';
import type { AttributeTable, Json, Values } from '../../schema/attributes.ts';
import type { Fix } from '../../schema/problem.ts';
import type { SpecEdit } from '../../spec/specEdit.ts';

/** `attributes` are those of the data before the change. */
export function settingFix(
  attributes: Values<AttributeTable>,
  { attribute, value, replaces }: DataSetting,
): Fix<SpecEdit> {
  const before = attributes[attribute];
  const isEntry = Array.isArray(before) && !Array.isArray(value);
  const entries: readonly Json[] = isEntry ? before : [];
  const edit = (changed: Json): SpecEdit => ({
    kind: 'setTraining',
    path: ['data', attribute],
    value: changed,
  });
  if (replaces !== undefined)
    return {
      title: l10n.t('Change "{0}" to "{1}"', replaces, shortText(value)),
      edit: edit(isEntry ? entries.map((one) => (one === replaces ? value : one)) : value),
    };
  return isEntry
    ? { title: l10n.t('Add "{0}" to "{1}"', shortText(value), attribute), edit: edit([...entries, value]) }
    : { title: l10n.t('Set "{0}" to {1}', attribute, JSON.stringify(value)), edit: edit(value) };
}

/** A name from a file, which may be of any length. */
const shortText = (value: Json): string => String(value).slice(0, 40);

/** The training section as a form. Settings that few people need are folded. */
import * as l10n from '@vscode/l10n';
import type { AttributeTable, Json, Path } from '../../engine/schema/attributes.ts';
import { trainingAttributes } from '../../engine/spec/training.ts';
import { perform } from '../host.ts';
import { isObject, type NetworkView } from '../model/network.ts';
import type { RawValues } from '../model/values.ts';
import { AttributeForm } from './AttributeForm.tsx';
import { LossForm } from './LossForm.tsx';
import { Section } from './Section.tsx';

interface TrainingFormProps {
  readonly view: NetworkView;
  /** Problems by setting. */
  readonly problems: ReadonlyMap<string, string>;
  readonly disabled: boolean;
}

const { loss: _, ...settings } = trainingAttributes;

const basic = new Set(['data', 'optimizer', 'batchSize', 'epochs', 'seed']);
const part = (wanted: boolean): AttributeTable =>
  Object.fromEntries(Object.entries(settings).filter(([name]) => basic.has(name) === wanted));

const setTraining = (path: Path, value: Json | undefined) =>
  void perform(() => ({ edit: { kind: 'setTraining', path, value } }));

export function TrainingForm({ view, problems, disabled }: TrainingFormProps) {
  const given = view.training ?? {};
  const form = (table: AttributeTable) => (
    <AttributeForm
      table={table}
      given={given}
      disabled={disabled}
      problems={problems}
      onCommit={(name, value) => commitSetting(given, name, value)}
    />
  );
  const { data, ...others } = part(true);
  const more = part(false);
  const moreAtFault = Object.keys(more).some((name) => problems.has(name));
  return (
    <>
      {form({ data })}
      <LossForm view={view} given={given.loss} disabled={disabled} problems={problems} />
      {form(others)}
      <Section title={l10n.t('More settings')} closed={!moreAtFault}>
        {form(more)}
      </Section>
    </>
  );
}

/** A change inside a kind that is already an object changes only that value. */
function commitSetting(given: RawValues, name: string, value: Json | undefined): void {
  const before = given[name];
  if (!isObject(before) || !isObject(value) || before.type !== value.type) {
    setTraining([name], value);
    return;
  }
  const keys = [...new Set([...Object.keys(before), ...Object.keys(value)])];
  const changed = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(value[key]));
  if (changed.length === 1) setTraining([name, changed[0]], value[changed[0]]);
  else setTraining([name], value);
}

/** The training section as a form. Settings that few people need are folded. */
import * as l10n from '@vscode/l10n';
import { losses } from '../../engine/losses/registry.ts';
import type { AttributeTable, Json, Path } from '../../engine/schema/attributes.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { commonLossAttributes, trainingAttributes } from '../../engine/spec/training.ts';
import { perform } from '../host.ts';
import { kindType, switchKind } from '../model/kinds.ts';
import { isObject, type NetworkView } from '../model/network.ts';
import type { RawValues } from '../model/values.ts';
import { AttributeForm } from './AttributeForm.tsx';
import { Select, SelectOfMany } from './controls.tsx';
import { Section } from './Section.tsx';

interface TrainingFormProps {
  readonly view: NetworkView;
  /** Problems by setting. */
  readonly problems: ReadonlyMap<string, string>;
  readonly disabled: boolean;
}

const { loss: lossAttribute, ...settings } = trainingAttributes;
const { from: _, ...furtherAttributes } = commonLossAttributes;

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

interface LossFormProps extends TrainingFormProps {
  readonly given: Json | undefined;
}

/** One loss as a form; a list of losses as its text. */
function LossForm({ view, given, disabled, problems }: LossFormProps) {
  if (Array.isArray(given)) {
    const onCommit = (_: string, value: Json | undefined) => setTraining(['loss'], value);
    return (
      <AttributeForm
        table={{ loss: lossAttribute }}
        given={{ loss: given }}
        disabled={disabled}
        problems={problems}
        onCommit={onCommit}
      />
    );
  }
  const problem = problems.get('loss');
  const own = isObject(given) ? given : {};
  const kind = losses.find(kindType(given));
  const pickKind = (type: string) => {
    const next = switchKind(losses, given, type, Object.keys(commonLossAttributes));
    setTraining(['loss'], { from: guessOutput(view), ...(next as RawValues) });
  };
  return (
    <div className="form-field kind">
      <div className="form-label">
        <label htmlFor="loss">loss</label>
      </div>
      <Select
        id="loss"
        label={l10n.t('loss (required)')}
        value={kindType(given)}
        options={[...losses].map(({ type, label }) => ({ value: type, text: label }))}
        none={l10n.t('choose…')}
        disabled={disabled}
        invalid={problem !== undefined}
        onPick={(type) => (type === '' ? setTraining(['loss'], undefined) : pickKind(type))}
      />
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
      {kind && (
        <div className="form-nested">
          <div className="form-field">
            <div className="form-label">
              <label htmlFor="loss-from">from</label>
            </div>
            <SelectOfMany
              id="loss-from"
              label={l10n.t('The layer whose output the loss is computed from')}
              value={typeof own.from === 'string' ? own.from : ''}
              shown={typeof own.from === 'string' ? own.from : ''}
              options={() =>
                view.layers
                  .flatMap(({ outputs }) => outputs)
                  .map(({ ref }) => ({ value: printReference(ref), text: printReference(ref) }))
              }
              disabled={disabled}
              onPick={(from) => setTraining(['loss', 'from'], from)}
            />
          </div>
          <AttributeForm
            table={{ ...kind.attributes, ...furtherAttributes }}
            given={own}
            disabled={disabled}
            onCommit={(name, value) => setTraining(['loss', name], value)}
          />
        </div>
      )}
    </div>
  );
}

/** The last layer that no other layer reads is most likely the one for the loss. */
function guessOutput({ layers }: NetworkView): string {
  const read = new Set(layers.flatMap(({ from }) => from.map(({ layer }) => layer)));
  return layers.findLast(({ name }) => !read.has(name))?.name ?? '';
}

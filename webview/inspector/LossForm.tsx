/** The loss as a form. Of several losses, each is a row: its output, its weight and its kind. */
import * as l10n from '@vscode/l10n';
import { useId } from 'react';
import { losses } from '../../engine/losses/registry.ts';
import type { AttributeTable, Json, Path } from '../../engine/schema/attributes.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { commonLossAttributes } from '../../engine/spec/training.ts';
import { IconButton } from '../controls/IconButton.tsx';
import { kindType, switchKind } from '../model/kinds.ts';
import { isObject, type NetworkView } from '../model/network.ts';
import { lossField } from '../model/problems.ts';
import type { RawValues } from '../model/values.ts';
import { AttributeForm, Field } from './AttributeForm.tsx';
import { Select, SelectOfMany } from './controls.tsx';

const { from: _, weight, target } = commonLossAttributes;

interface LossFormProps {
  readonly view: NetworkView;
  /** One loss, or a list of losses. */
  readonly given: Json | undefined;
  /** Problems by field. */
  readonly problems: ReadonlyMap<string, string>;
  readonly disabled: boolean;
  /** Sets or removes a value at a path within "training". */
  set(path: Path, value: Json | undefined): void;
}

export function LossForm({ given, ...props }: LossFormProps) {
  const { view, problems, disabled, set } = props;
  const all: readonly (Json | undefined)[] = Array.isArray(given) ? given : [given];
  const last = all.at(-1);
  const placeOf = (index: number): Path => (Array.isArray(given) ? ['loss', index] : ['loss']);
  const loss = (index: number): LossProps => ({
    ...props,
    given: all[index],
    set: (path, value) => set([...placeOf(index), ...path], value),
  });
  const add = () => {
    const more = { from: nextOutput(view, all), type: kindType(last) };
    if (Array.isArray(given)) set(['loss', given.length], more);
    else set(['loss'], [given as Json, more]);
  };
  const remove = (index: number) => {
    const left = all.filter((_, place) => place !== index) as Json[];
    if (left.length === 1) set(['loss'], left[0]);
    else set(placeOf(index), undefined);
  };
  return (
    <div className="form-field kind">
      <div className="form-label">
        <label htmlFor="loss">{all.length > 1 ? l10n.t('loss, a sum of {0}', all.length) : 'loss'}</label>
        {kindType(last) !== '' && !disabled && (
          <IconButton icon="add" className="small" title={l10n.t('Add another loss')} onClick={add} />
        )}
      </div>
      <Problem message={problems.get('loss')} />
      {all.length > 1 ? (
        <>
          <div className="loss-row muted" aria-hidden>
            <span>from</span>
            <span>weight</span>
          </div>
          {all.map((_, index) => (
            <LossRow
              // biome-ignore lint/suspicious/noArrayIndexKey: a loss has no name, only its place.
              key={index}
              {...loss(index)}
              name={l10n.t('Loss {0}', index + 1)}
              problem={problems.get(lossField(index))}
              remove={() => remove(index)}
            />
          ))}
        </>
      ) : (
        <SingleLoss {...loss(0)} problem={problems.get(lossField(0))} />
      )}
    </div>
  );
}

interface LossProps extends Omit<LossFormProps, 'problems'> {
  readonly problem?: string | undefined;
}

/** The whole form of the only loss. */
function SingleLoss(props: LossProps) {
  const { given, disabled, problem, set } = props;
  const kind = losses.find(kindType(given));
  return (
    <>
      <KindOfLoss {...props} id="loss" label={l10n.t('loss (required)')} />
      <Problem message={problem} />
      {kind && (
        <div className="form-nested">
          <div className="form-field">
            <div className="form-label">
              <label htmlFor="loss-from">from</label>
            </div>
            <OutputOfLoss {...props} id="loss-from" />
          </div>
          <Attributes table={{ ...kind.attributes, weight, target }} {...{ given, disabled, set }} />
        </div>
      )}
    </>
  );
}

interface LossRowProps extends LossProps {
  readonly name: string;
  remove(): void;
}

/** One of several losses. What few of them need is folded. */
function LossRow({ name, remove, ...props }: LossRowProps) {
  const { given, disabled, problem, set } = props;
  const id = useId();
  const own = isObject(given) ? given : {};
  const further: AttributeTable = { ...losses.find(kindType(given))?.attributes, target };
  const names = Object.keys(further);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid.
    <div role="group" aria-label={name} className="loss-row">
      <OutputOfLoss {...props} id={`${id}-from`} />
      <Field
        name="weight"
        attribute={weight}
        given={own.weight}
        disabled={disabled}
        problem={problem}
        onCommit={(value) => set(['weight'], value)}
      />
      <IconButton
        icon="trash"
        className="small"
        title={l10n.t('Remove {0}', name)}
        disabled={disabled}
        onClick={remove}
      />
      <KindOfLoss {...props} id={id} label={l10n.t('type (required)')} />
      <details open={names.some((one) => Object.hasOwn(own, one)) || undefined}>
        <summary className="muted">{names.join(', ')}</summary>
        <div className="form-nested">
          <Attributes table={further} {...{ given, disabled, set }} />
        </div>
      </details>
    </div>
  );
}

const Attributes = ({
  given,
  set,
  ...props
}: Pick<LossProps, 'given' | 'disabled' | 'set'> & { readonly table: AttributeTable }) => (
  <AttributeForm
    {...props}
    given={isObject(given) ? given : {}}
    onCommit={(name, value) => set([name], value)}
  />
);

interface ControlOfLossProps extends LossProps {
  readonly id: string;
}

function KindOfLoss({
  view,
  id,
  label,
  given,
  disabled,
  problem,
  set,
}: ControlOfLossProps & { readonly label: string }) {
  const pick = (type: string) => {
    const next = switchKind(losses, given, type, Object.keys(commonLossAttributes)) as RawValues;
    set([], { from: nextOutput(view, []), ...next });
  };
  return (
    <Select
      id={id}
      label={label}
      value={kindType(given)}
      options={[...losses].map(({ type, label }) => ({ value: type, text: label }))}
      none={l10n.t('choose…')}
      disabled={disabled}
      invalid={problem !== undefined}
      onPick={(type) => (type === '' ? set([], undefined) : pick(type))}
    />
  );
}

function OutputOfLoss({ view, id, given, disabled, set }: ControlOfLossProps) {
  const from = outputOf(given) ?? '';
  const outputs = () =>
    view.layers
      .flatMap(({ outputs }) => outputs)
      .map(({ ref }) => ({ value: printReference(ref), text: printReference(ref) }));
  return (
    <SelectOfMany
      id={id}
      label={l10n.t('The layer whose output the loss is computed from')}
      value={from}
      shown={from}
      options={outputs}
      disabled={disabled}
      onPick={(output) => set(['from'], output)}
    />
  );
}

const Problem = ({ message }: { readonly message: string | undefined }) =>
  message && (
    <p className="form-problem" role="alert">
      {message}
    </p>
  );

const outputOf = (loss: Json | undefined): string | undefined =>
  isObject(loss) && typeof loss.from === 'string' ? loss.from : undefined;

/** The last layer that neither another layer nor one of these losses reads is most likely the one for a loss. */
function nextOutput({ layers }: NetworkView, others: readonly (Json | undefined)[]): string {
  const read = new Set(layers.flatMap(({ from }) => from.map(({ layer }) => layer)));
  const ends = layers.filter(({ name }) => !read.has(name)).map(({ name }) => name);
  const judged = new Set(others.map(outputOf));
  return ends.findLast((name) => !judged.has(name)) ?? ends.at(-1) ?? '';
}

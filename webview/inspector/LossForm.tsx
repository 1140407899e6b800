/** The loss as a form. Of several losses, each is a row: its output, its weight and its kind. */
import * as l10n from '@vscode/l10n';
import { useId } from 'react';
import { losses } from '../../engine/losses/registry.ts';
import type { AttributeTable, Json, Path } from '../../engine/schema/attributes.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { commonLossAttributes } from '../../engine/spec/training.ts';
import { IconButton } from '../controls/IconButton.tsx';
import { perform } from '../host.ts';
import type { Gesture } from '../model/gestures.ts';
import { kindType, switchKind } from '../model/kinds.ts';
import { isObject, type NetworkView } from '../model/network.ts';
import { problemsOfLoss } from '../model/problems.ts';
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
}

const lossesIn = (given: Json | undefined): readonly (Json | undefined)[] =>
  Array.isArray(given) ? given : [given];

/** Sets or removes a value at a path within "loss". */
const setLoss = (path: Path, value: Json | undefined): Gesture => ({
  edit: { kind: 'setTraining', path: ['loss', ...path], value },
});

// Both are made for the text as it is then: the same click may have ended the typing in a field.

const add = () =>
  void perform((view) => {
    const given = view.training?.loss;
    const all = lossesIn(given);
    const more = { from: nextOutput(view, all), type: kindType(all.at(-1)) };
    return Array.isArray(given) ? setLoss([given.length], more) : setLoss([], [given as Json, more]);
  });

const remove = (index: number) =>
  void perform(({ training }) => {
    const given = training?.loss;
    if (!Array.isArray(given)) return undefined;
    const left = given.filter((_, place) => place !== index);
    return left.length === 1 ? setLoss([], left[0]) : setLoss([index], undefined);
  });

export function LossForm({ view, given, problems, disabled }: LossFormProps) {
  const all = lossesIn(given);
  const several = all.length > 1;
  const ofAll = problems.get('loss');
  const loss = (index: number): LossProps => {
    const kind = losses.find(kindType(all[index]));
    const fields = kind || several ? { ...kind?.attributes, ...commonLossAttributes } : {};
    return {
      view,
      given: all[index],
      problems: problemsOfLoss(problems, index, fields),
      disabled,
      set: (path, value) =>
        void perform(() => setLoss(Array.isArray(given) ? [index, ...path] : path, value)),
    };
  };
  return (
    <div className="form-field kind">
      <div className="form-label">
        {several ? (
          <span>{l10n.t('loss, a sum of {0}', all.length)}</span>
        ) : (
          <label htmlFor="loss">loss</label>
        )}
        {kindType(all.at(-1)) !== '' && !disabled && (
          <IconButton icon="add" className="small add" title={l10n.t('Add another loss')} onClick={add} />
        )}
      </div>
      {several ? (
        <>
          <Problem messages={[ofAll]} />
          <div className="loss-row muted" aria-hidden>
            <span>from</span>
            <span>weight</span>
          </div>
          {all.map((_, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a loss has no name, only its place.
            <LossRow key={index} {...loss(index)} index={index} />
          ))}
        </>
      ) : (
        <SingleLoss {...loss(0)} ofAll={ofAll} />
      )}
    </div>
  );
}

/** Of one loss: its problems by attribute, and how a value at a path within it is set or removed. */
interface LossProps extends LossFormProps {
  set(path: Path, value: Json | undefined): void;
}

/** The whole form of the only loss. */
function SingleLoss({ ofAll, ...props }: LossProps & { readonly ofAll: string | undefined }) {
  const { given, problems } = props;
  const kind = losses.find(kindType(given));
  const atFault = [ofAll, problems.get('type')];
  return (
    <>
      <KindOfLoss
        {...props}
        id="loss"
        label={l10n.t('loss (required)')}
        invalid={atFault.some((message) => message !== undefined)}
      />
      <Problem messages={atFault} />
      {kind && (
        <div className="form-nested">
          <div className="form-field attribute">
            <div className="form-label">
              <label htmlFor="loss-from">from</label>
            </div>
            <OutputOfLoss {...props} id="loss-from" />
            <Problem messages={[problems.get('from')]} />
          </div>
          <Attributes {...props} table={{ ...kind.attributes, weight, target }} />
        </div>
      )}
    </>
  );
}

/** One of several losses. What few of them need is folded. */
function LossRow({ index, ...props }: LossProps & { readonly index: number }) {
  const { given, disabled, problems, set } = props;
  const id = useId();
  const own = isObject(given) ? given : {};
  const further: AttributeTable = { ...losses.find(kindType(given))?.attributes, target };
  const names = Object.keys(further);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid.
    <div role="group" aria-label={l10n.t('Loss {0}', index + 1)} className="loss-row">
      <OutputOfLoss {...props} id={`${id}-from`} />
      <Field
        name="weight"
        attribute={weight}
        given={own.weight}
        disabled={disabled}
        problem={problems.get('weight')}
        onCommit={(value) => set(['weight'], value)}
      />
      <IconButton
        icon="trash"
        className="small"
        title={l10n.t('Remove loss {0}', index + 1)}
        disabled={disabled}
        onClick={() => remove(index)}
      />
      <KindOfLoss {...props} id={id} label={l10n.t('type (required)')} invalid={problems.has('type')} />
      <Problem messages={[problems.get('from'), problems.get('type')]} />
      <details open={names.some((one) => Object.hasOwn(own, one) || problems.has(one)) || undefined}>
        <summary className="muted">{names.join(', ')}</summary>
        <div className="form-nested">
          <Attributes {...props} table={further} />
        </div>
      </details>
    </div>
  );
}

const Attributes = ({
  table,
  given,
  disabled,
  problems,
  set,
}: LossProps & { readonly table: AttributeTable }) => (
  <AttributeForm
    table={table}
    given={isObject(given) ? given : {}}
    disabled={disabled}
    problems={problems}
    onCommit={(name, value) => set([name], value)}
  />
);

interface ControlOfLossProps extends LossProps {
  readonly id: string;
}

interface KindOfLossProps extends ControlOfLossProps {
  readonly label: string;
  readonly invalid: boolean;
}

function KindOfLoss({ view, id, label, given, disabled, invalid, set }: KindOfLossProps) {
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
      invalid={invalid}
      onPick={(type) => (type === '' ? set([], undefined) : pick(type))}
    />
  );
}

function OutputOfLoss({ view, id, given, disabled, problems, set }: ControlOfLossProps) {
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
      invalid={problems.has('from')}
      onPick={(output) => set(['from'], output)}
    />
  );
}

function Problem({ messages }: { readonly messages: readonly (string | undefined)[] }) {
  const message = messages.filter(Boolean).join(' ');
  return (
    message !== '' && (
      <p className="form-problem" role="alert">
        {message}
      </p>
    )
  );
}

const outputOf = (loss: Json | undefined): string | undefined =>
  isObject(loss) && typeof loss.from === 'string' ? loss.from : undefined;

/** The last layer that neither another layer nor one of these losses reads is most likely the one for a loss. */
function nextOutput({ layers }: NetworkView, others: readonly (Json | undefined)[]): string {
  const read = new Set(layers.flatMap(({ from }) => from.map(({ layer }) => layer)));
  const ends = layers.filter(({ name }) => !read.has(name)).map(({ name }) => name);
  const judged = new Set(others.map(outputOf));
  return ends.findLast((name) => !judged.has(name)) ?? ends.at(-1) ?? '';
}

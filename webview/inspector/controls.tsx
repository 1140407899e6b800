/** The controls of a form that hold one value. `AttributeForm.tsx` has those that hold attributes of their own. */
import * as l10n from '@vscode/l10n';
import { useState } from 'react';
import { type Attribute, type Control, isRequired, type Json } from '../../engine/schema/attributes.ts';
import { parameterIn } from '../../engine/spec/blockParameters.ts';
import { useDraft } from '../controls/useDraft.ts';
import { isObject } from '../model/network.ts';
import { formatDefault, inputText, parseInput } from '../model/values.ts';
import type { Suggestions } from './useSuggestions.ts';

export interface ControlProps {
  readonly id: string;
  readonly label: string;
  readonly attribute: Attribute<unknown>;
  readonly given: Json | undefined;
  readonly disabled: boolean;
  readonly invalid: boolean;
  /** Whether the selected layers have different values. Then no value is shown, not even the default. */
  readonly mixed: boolean;
  /** In a block, the parameters that can be named instead of a value, as they are written. */
  readonly parameters?: readonly string[] | undefined;
  /** Names that can be chosen while a text is typed. */
  readonly suggestions?: Suggestions | undefined;
  commit(value: Json | undefined): void;
}

export type ControlOf<K extends Control['kind']> = (
  props: ControlProps & { readonly control: Extract<Control, { kind: K }> },
) => React.ReactNode;

/** Text, numbers and lists are typed. An empty field means the default. */
function Typed({
  id,
  label,
  attribute,
  given,
  disabled,
  invalid,
  mixed,
  parameters = [],
  suggestions,
  commit,
  read,
  numeric,
}: ControlProps & { read(text: string): Json; readonly numeric?: boolean }) {
  const draft = useDraft(inputText(given), (text) =>
    commit(text.trim() === '' ? undefined : parameters.includes(text.trim()) ? text.trim() : read(text)),
  );
  const offered = [...parameters, ...(suggestions?.offered ?? [])];
  const list = offered.length > 0 ? `${id}-offered` : undefined;
  return (
    <>
      <input
        {...draft}
        onFocus={() => suggestions?.ask(draft.value)}
        onChange={(event) => {
          draft.onChange(event);
          if (event.target.value.endsWith('/')) suggestions?.ask(event.target.value);
        }}
        id={id}
        className={`field ${numeric ? 'numeric' : ''}`}
        inputMode={numeric ? 'decimal' : 'text'}
        list={list}
        spellCheck={false}
        aria-label={label}
        aria-invalid={invalid}
        placeholder={
          mixed ? '' : formatDefault(attribute) || (isRequired(attribute) ? '' : l10n.t('not set'))
        }
        disabled={disabled}
      />
      {list && (
        <datalist id={list}>
          {offered.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </>
  );
}

/** Text that is not a number stays text, so that the attribute reports what it expects. */
const readNumber = (text: string): Json => (Number.isFinite(Number(text)) ? Number(text) : text);

export const NumberControl: ControlOf<'number'> = (props) => <Typed {...props} read={readNumber} numeric />;

export const TextControl: ControlOf<'text'> = (props) => <Typed {...props} read={(text) => text} />;

export const JsonControl: ControlOf<'json'> = (props) =>
  isObject(props.given) || (Array.isArray(props.given) && props.given.some(isObject)) ? (
    <Structure {...props} />
  ) : (
    <Typed {...props} read={(text) => parseInput(text, props.attribute)} />
  );

/** An object or a list of objects, as JSON over several lines. */
function Structure({ id, label, attribute, given, disabled, invalid, commit }: ControlProps) {
  const draft = useDraft(
    JSON.stringify(given, undefined, 2),
    (text) => commit(text.trim() === '' ? undefined : parseInput(text, attribute)),
    true,
  );
  return (
    <textarea
      {...draft}
      id={id}
      className="field"
      rows={Math.min(8, draft.value.split('\n').length)}
      spellCheck={false}
      aria-label={label}
      aria-invalid={invalid}
      disabled={disabled}
    />
  );
}

/** A box to check; a list where a parameter of a block may stand for the state. */
export const Toggle: ControlOf<'toggle'> = (props) =>
  props.parameters?.length || parameterIn(props.given) !== undefined ? (
    <Choice
      {...props}
      control={{ kind: 'choice', options: ['true', 'false'] }}
      commit={(state) => props.commit(state === 'true' ? true : state === 'false' ? false : state)}
    />
  ) : (
    <Checkbox {...props} />
  );

function Checkbox({ id, attribute, given, disabled, mixed, commit }: ControlProps) {
  const checked = (given ?? attribute.default) === true;
  return (
    <input
      id={id}
      ref={(box) => {
        if (box) box.indeterminate = mixed;
      }}
      type="checkbox"
      className="checkbox"
      checked={checked}
      disabled={disabled}
      onChange={() => commit(!checked === attribute.default ? undefined : !checked)}
    />
  );
}

interface Option {
  readonly value: string;
  readonly text: string;
  readonly refusal?: string | undefined;
}

interface SelectProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly options: readonly Option[];
  /** The text of the empty choice; without a text there is none. */
  readonly none?: string;
  readonly disabled: boolean;
  readonly invalid?: boolean;
  onPick(value: string): void;
  /** The list gets the focus, before it opens, and loses it. */
  onEnter?(): void;
  onLeave?(): void;
}

export function Select({
  id,
  label,
  value,
  options,
  none,
  disabled,
  invalid = false,
  onPick,
  onEnter,
  onLeave,
}: SelectProps) {
  const known = value === '' || options.some((option) => option.value === value);
  return (
    <div className="select">
      <select
        id={id}
        className={`field ${value === '' ? 'is-none' : ''}`}
        aria-label={label}
        aria-invalid={invalid}
        title={options.find((option) => option.value === value)?.text}
        disabled={disabled}
        value={value}
        onChange={({ target }) => onPick(target.value)}
        onPointerDown={onEnter}
        onFocus={onEnter}
        onBlur={onLeave}
      >
        {(none !== undefined || value === '') && <option value="">{none ?? ''}</option>}
        {!known && <option value={value}>{value}</option>}
        {options.map((option) => (
          <option
            key={option.value}
            value={option.value}
            disabled={option.refusal !== undefined}
            title={option.refusal}
          >
            {option.text}
          </option>
        ))}
      </select>
      <span className="codicon codicon-chevron-down select-arrow" aria-hidden />
    </div>
  );
}

interface SelectOfManyProps extends Omit<SelectProps, 'options' | 'onEnter' | 'onLeave'> {
  options(): readonly Option[];
  /** The text of the value. */
  readonly shown: string;
}

/**
 * A list with up to thousands of options, such as layers. The options are elements of the page only while the list has the focus.
 */
export function SelectOfMany({ options, shown, ...props }: SelectOfManyProps) {
  const [entered, setEntered] = useState(false);
  const current = props.value === '' ? [] : [{ value: props.value, text: shown }];
  return (
    <Select
      {...props}
      options={entered ? options() : current}
      onEnter={() => setEntered(true)}
      onLeave={() => setEntered(false)}
    />
  );
}

export const noChoice = ({ attribute, mixed }: Pick<ControlProps, 'attribute' | 'mixed'>): string =>
  mixed
    ? ''
    : attribute.default !== undefined
      ? formatDefault(attribute)
      : attribute.optional
        ? l10n.t('not set')
        : l10n.t('choose…');

export const Choice: ControlOf<'choice'> = ({
  control,
  attribute,
  given,
  mixed,
  parameters = [],
  commit,
  ...props
}) => (
  <Select
    {...props}
    value={given === undefined ? '' : inputText(given)}
    options={[...control.options, ...parameters].map((option) => ({ value: option, text: option }))}
    none={noChoice({ attribute, mixed })}
    onPick={(value) => commit(value === '' ? undefined : value)}
  />
);

/** A form made from an attribute table. Attributes that have attributes themselves are a form within the form. */
import * as l10n from '@vscode/l10n';
import { Fragment, useId, useState } from 'react';
import {
  type Attribute,
  type AttributeTable,
  type Control,
  isRequired,
  type Json,
} from '../../engine/schema/attributes.ts';
import { canBeOpen, parameterIn } from '../../engine/spec/blockParameters.ts';
import { startingTable } from '../../engine/spec/startingValues.ts';
import { IconButton } from '../controls/IconButton.tsx';
import { plainText } from '../controls/Markdown.tsx';
import { kindType, switchKind } from '../model/kinds.ts';
import { isObject } from '../model/network.ts';
import type { RawValues } from '../model/values.ts';
import {
  Choice,
  type ControlOf,
  type ControlProps,
  JsonControl,
  NumberControl,
  noChoice,
  Select,
  TextControl,
  Toggle,
} from './controls.tsx';
import { useSuggestions } from './useSuggestions.ts';

interface AttributeFormProps {
  readonly table: AttributeTable;
  readonly given: RawValues;
  readonly disabled: boolean;
  /** Problems by attribute. */
  readonly problems?: ReadonlyMap<string, string>;
  /** The attributes in which the selected layers differ, if there are several. */
  readonly mixed?: ReadonlySet<string>;
  /** In a block: its parameters, as values are written that name them. Such a value is judged by the analysis of the text. */
  readonly parameters?: readonly string[] | undefined;
  onCommit(name: string, value: Json | undefined): void;
}

export function AttributeForm({
  table,
  given,
  disabled,
  problems,
  mixed,
  parameters,
  onCommit,
}: AttributeFormProps) {
  return Object.entries(table).map(([name, attribute]) => (
    <Field
      key={name}
      name={name}
      attribute={attribute}
      beside={given}
      given={Object.hasOwn(given, name) ? given[name] : undefined}
      disabled={disabled}
      problem={problems?.get(name)}
      mixed={mixed?.has(name) ?? false}
      parameters={canBeOpen(name) ? parameters : undefined}
      onCommit={(value) => onCommit(name, value)}
    />
  ));
}

export interface FieldProps {
  readonly name: string;
  readonly attribute: Attribute<unknown>;
  /** The value as written; undefined if the key is absent. */
  readonly given: Json | undefined;
  readonly disabled: boolean;
  /** Its problem, if any. */
  readonly problem: string | undefined;
  /** Whether the selected layers have different values. */
  readonly mixed?: boolean;
  readonly parameters?: readonly string[] | undefined;
  /** The values of the attributes of the same table, as written. */
  readonly beside?: RawValues;
  /** One edit. Undefined removes the key. */
  onCommit(value: Json | undefined): void;
}

export function Field({
  name,
  attribute,
  given,
  disabled,
  problem,
  mixed = false,
  parameters,
  beside = {},
  onCommit,
}: FieldProps) {
  const id = useId();
  const suggestions = useSuggestions(attribute, given, beside);
  const [refused, setRefused] = useState<{ readonly over: Json | undefined; readonly message: string }>();
  const commit = (value: Json | undefined) => {
    const isOpen = parameters !== undefined && parameterIn(value) !== undefined;
    const message = value === undefined || isOpen ? undefined : refusal(attribute, value);
    setRefused(message === undefined ? undefined : { over: given, message });
    if (message === undefined) onCommit(value);
  };
  const message = (refused?.over === given ? refused?.message : undefined) ?? problem;
  const label = isRequired(attribute) ? l10n.t('{0} (required)', name) : name;
  return (
    <div className={`form-field attribute ${attribute.control.kind}`}>
      <div className="form-label">
        <label htmlFor={id} title={plainText(attribute.doc)}>
          <Name name={name} />
        </label>
        {mixed && <span className="muted form-mixed">{l10n.t('mixed')}</span>}
        {given !== undefined && !isRequired(attribute) && !disabled && (
          <IconButton
            icon="discard"
            className="small"
            title={l10n.t('Reset {0} to its default', name)}
            onClick={() => commit(undefined)}
          />
        )}
      </div>
      <AttributeControl
        id={id}
        label={label}
        attribute={attribute}
        given={given}
        disabled={disabled}
        invalid={message !== undefined}
        mixed={mixed}
        parameters={parameters}
        suggestions={suggestions}
        commit={commit}
      />
      {message && (
        <p className="form-problem" role="alert">
          {message}
        </p>
      )}
    </div>
  );
}

/** Never cut off: a long name continues on the next line, broken between words. */
function Name({ name }: { readonly name: string }) {
  return name.split(/(?=[A-Z])/).map((word, index) => (
    <Fragment key={word}>
      {index > 0 && <wbr />}
      {word}
    </Fragment>
  ));
}

function refusal(attribute: Attribute<unknown>, value: Json): string | undefined {
  const reading = attribute.read(value);
  return 'problems' in reading ? reading.problems.map(({ message }) => message).join(' ') : undefined;
}

/** Set or not set and, if set, its attributes. */
const RecordControl: ControlOf<'record'> = ({ control: { table }, attribute, given, commit, ...props }) => {
  const own = isObject(given) ? given : (attribute.default as RawValues | undefined);
  return (
    <>
      <input
        id={props.id}
        type="checkbox"
        className="checkbox"
        checked={own !== undefined}
        disabled={props.disabled}
        onChange={() => commit(own === undefined ? startingTable(table) : undefined)}
      />
      {own && (
        <div className="form-nested">
          <AttributeForm
            table={table}
            given={own}
            disabled={props.disabled}
            onCommit={(name, value) => commit(withKey(own, name, value))}
          />
        </div>
      )}
    </>
  );
};

/** A kind and, below it, that kind's own attributes. */
const KindControl: ControlOf<'kind'> = ({
  control: { registry },
  attribute,
  given,
  mixed,
  parameters = [],
  commit,
  ...props
}) => {
  const kind = mixed ? undefined : registry.find(kindType(given ?? (attribute.default as Json | undefined)));
  const own = isObject(given) ? given : {};
  return (
    <>
      <Select
        {...props}
        value={kindType(given)}
        options={[
          ...[...registry].map(({ type, label }) => ({ value: type, text: label })),
          ...parameters.map((parameter) => ({ value: parameter, text: parameter })),
        ]}
        none={noChoice({ attribute, mixed })}
        onPick={(type) =>
          commit(
            type === '' ? undefined : parameters.includes(type) ? type : switchKind(registry, given, type),
          )
        }
      />
      {kind && Object.keys(kind.attributes).length > 0 && (
        <div className="form-nested">
          <AttributeForm
            table={kind.attributes}
            given={own}
            disabled={props.disabled}
            onCommit={(name, value) => commit(withKey({ ...own, type: kind.type }, name, value))}
          />
        </div>
      )}
    </>
  );
};

const controls: { readonly [K in Control['kind']]: ControlOf<K> } = {
  number: NumberControl,
  toggle: Toggle,
  choice: Choice,
  kind: KindControl,
  text: TextControl,
  json: JsonControl,
  record: RecordControl,
};

function withKey(values: RawValues, name: string, value: Json | undefined): { [name: string]: Json } {
  const { [name]: _, ...rest } = values;
  return value === undefined ? rest : { ...rest, [name]: value };
}

/** The control for an attribute's type. */
export function AttributeControl(props: ControlProps) {
  const { control } = props.attribute;
  const Component = controls[control.kind] as (
    props: ControlProps & { readonly control: Control },
  ) => React.ReactNode;
  return <Component {...props} control={control} />;
}

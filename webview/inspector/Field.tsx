/** One attribute in a form: name, control, what is wrong with it, and a way back to the default. */
import * as l10n from '@vscode/l10n';
import { Fragment, useId, useState } from 'react';
import { type Attribute, isRequired, type Json } from '../../engine/schema/attributes.ts';
import { IconButton } from '../controls/IconButton.tsx';
import { AttributeControl } from './controls.tsx';
import { plainText } from './Markdown.tsx';

export interface FieldProps {
  readonly name: string;
  readonly attribute: Attribute<unknown>;
  /** As written; undefined when the key is absent. */
  readonly given: Json | undefined;
  readonly disabled: boolean;
  /** What analysis says about it. */
  readonly problem: string | undefined;
  /** One edit. Undefined removes the key. */
  onCommit(value: Json | undefined): void;
}

export function Field({ name, attribute, given, disabled, problem, onCommit }: FieldProps) {
  const id = useId();
  const [refused, setRefused] = useState<{ readonly over: Json | undefined; readonly message: string }>();
  const commit = (value: Json | undefined) => {
    const message = value === undefined ? undefined : refusal(attribute, value);
    setRefused(message === undefined ? undefined : { over: given, message });
    if (message === undefined) onCommit(value);
  };
  const message = (refused?.over === given ? refused?.message : undefined) ?? problem;
  const label = isRequired(attribute) ? l10n.t('{0} (required)', name) : name;
  return (
    <div className={`form-field ${attribute.control.kind}`}>
      <div className="form-label">
        <label htmlFor={id} title={plainText(attribute.doc)}>
          <Name name={name} />
        </label>
        {given !== undefined && !isRequired(attribute) && !disabled && (
          <IconButton
            icon="discard"
            className="small"
            title={l10n.t('Back to the default of {0}', name)}
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

/** Whole at any width: a long name goes on below, broken between its words. */
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

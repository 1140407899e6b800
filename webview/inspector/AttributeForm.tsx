/** A form made from an attribute table. */
import type { AttributeTable, Json } from '../../engine/schema/attributes.ts';
import type { RawValues } from '../model/values.ts';
import { Field } from './Field.tsx';

interface AttributeFormProps {
  readonly table: AttributeTable;
  readonly given: RawValues;
  readonly disabled: boolean;
  /** What is wrong, by attribute. */
  readonly problems?: ReadonlyMap<string, string>;
  onCommit(name: string, value: Json | undefined): void;
}

export function AttributeForm({ table, given, disabled, problems, onCommit }: AttributeFormProps) {
  return Object.entries(table).map(([name, attribute]) => (
    <Field
      key={name}
      name={name}
      attribute={attribute}
      given={Object.hasOwn(given, name) ? given[name] : undefined}
      disabled={disabled}
      problem={problems?.get(name)}
      onCommit={(value) => onCommit(name, value)}
    />
  ));
}

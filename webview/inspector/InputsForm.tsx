/** The inputs of a layer, a list for each port: connecting without a mouse. */

import * as l10n from '@vscode/l10n';
import { useId } from 'react';
import { connectProblem } from '../../engine/graph/connect.ts';
import { shortShapeText } from '../../engine/schema/text.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { parseReference, printReference } from '../../engine/spec/reference.ts';
import { perform } from '../host.ts';
import { connect, disconnect } from '../model/gestures.ts';
import { type InputSlot, inputSlots, type LayerView, type NetworkView, shapeOf } from '../model/network.ts';
import { inputField } from '../model/problems.ts';
import { SelectOfMany } from './controls.tsx';

interface InputsFormProps {
  readonly view: NetworkView;
  readonly layer: LayerView;
  /** Problems by field. */
  readonly problems: ReadonlyMap<string, string>;
  readonly disabled: boolean;
}

export function InputsForm({ layer, ...props }: InputsFormProps) {
  return inputSlots(layer).map((slot) => (
    <InputField key={slot.index} {...props} layer={layer} slot={slot} />
  ));
}

function InputField({
  view,
  layer,
  problems,
  slot,
  disabled,
}: InputsFormProps & { readonly slot: InputSlot }) {
  const id = useId();
  const { index, label, ref } = slot;
  const problem = problems.get(inputField(index));
  const textOf = (source: OutputRef) => {
    const shape = shapeOf(view, source);
    const name = printReference(source);
    return shape ? `${name}  ${shortShapeText(shape)}` : name;
  };
  const options = () =>
    view.layers
      .filter(({ name }) => name !== layer.name)
      .flatMap(({ outputs }) => outputs)
      .map(({ ref: source }) => ({
        value: printReference(source),
        text: textOf(source),
        refusal: connectProblem(view.analysis, source, layer.name, index),
      }));
  const pick = (value: string) => {
    const source = parseReference(value);
    void perform(() =>
      source ? connect(source, { to: layer.name, index }) : disconnect([{ to: layer.name, index }]),
    );
  };
  return (
    <div className="form-field">
      <div className="form-label">
        <label htmlFor={id}>{l10n.t('reads ({0})', label)}</label>
      </div>
      <SelectOfMany
        id={id}
        label={l10n.t('What {0} reads at its {1}', layer.name, label)}
        value={ref ? printReference(ref) : ''}
        options={options}
        shown={ref ? textOf(ref) : ''}
        none={l10n.t('nothing')}
        disabled={disabled}
        invalid={problem !== undefined}
        onPick={pick}
      />
      {problem && (
        <p className="form-problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

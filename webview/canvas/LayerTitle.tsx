/** The name on a card, or the field in which it is being changed. */
import { isEditable, useEditor } from '../model/editor.ts';
import { useOverlay } from '../model/overlay.ts';
import { TitleField } from './TitleField.tsx';

export function LayerTitle({ name }: { readonly name: string }) {
  const renaming = useOverlay((overlay) => overlay.renaming === name);
  if (renaming) return <TitleField name={name} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 does the same from the keyboard.
    <span
      className="layer-name"
      title={name}
      onDoubleClick={(event) => {
        event.stopPropagation();
        if (isEditable(useEditor.getState())) useOverlay.setState({ renaming: name });
      }}
    >
      {name}
    </span>
  );
}

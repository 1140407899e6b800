/** The name on a card, or the field in which it is being changed. */
import { isEditable, useEditor } from '../model/editor.ts';
import { useOverlay } from '../model/overlay.ts';
import { changeable } from './blockActions.ts';
import { TitleField } from './TitleField.tsx';

interface LayerTitleProps {
  readonly name: string;
  /** The text: the name or, for a layer in a frame, its name there. */
  readonly title: string;
}

export function LayerTitle({ name, title }: LayerTitleProps) {
  const renaming = useOverlay((overlay) => overlay.renaming === name);
  if (renaming) return <TitleField name={name} />;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: F2 does the same from the keyboard.
    <span
      className="layer-name"
      title={name}
      onDoubleClick={(event) => {
        event.stopPropagation();
        if (isEditable(useEditor.getState()) && changeable([name]).length > 0)
          useOverlay.setState({ renaming: name });
      }}
    >
      <bdi>{title}</bdi>
    </span>
  );
}

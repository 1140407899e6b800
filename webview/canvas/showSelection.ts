/** After a gesture that has made layers: these are selected, and the layout may have placed them out of view. */
import { canvasControls } from '../model/canvasControls.ts';
import { useEditor } from '../model/editor.ts';

export function showSelection(made: boolean): void {
  if (!made) return;
  const { selection } = useEditor.getState();
  requestAnimationFrame(() => canvasControls.current?.revealLayers(selection));
}

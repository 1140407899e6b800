/** While a connection is being dragged: why it cannot end where the pointer is. */
import { useConnection } from 'reactflow';
import { Icon } from '../controls/Icon.tsx';
import { useEditor } from '../model/editor.ts';
import { refusal } from './useConnecting.ts';

export function ConnectionHint() {
  const view = useEditor((state) => state.view);
  const connection = useConnection();
  if (!view || !connection.inProgress || !connection.toHandle || connection.isValid !== false) return null;
  const { fromHandle, toHandle, pointer } = connection;
  const why = fromHandle.type === toHandle.type ? undefined : refusal(view, fromHandle, toHandle);
  if (why === undefined) return null;
  return (
    <div
      className="connection-hint"
      role="status"
      style={{ transform: `translate(${pointer.x + 16}px, ${pointer.y + 16}px)` }}
    >
      <Icon name="circle-slash" />
      <span>{why}</span>
    </div>
  );
}

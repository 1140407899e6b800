/** While a connection is being dragged: what releasing the button would do, or why the connection is impossible. */
import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useConnection } from 'reactflow';
import { Icon } from '../controls/Icon.tsx';
import { useEditor } from '../model/editor.ts';
import { type HandleEnd, outcomeAt } from './joining.ts';

interface At {
  readonly x: number;
  readonly y: number;
}

export function ConnectionHint() {
  const { inProgress, fromHandle } = useConnection();
  return inProgress && fromHandle ? <Hint start={fromHandle} /> : null;
}

const width = 320;

/** A child of the page, because the canvas would clip it. */
function Hint({ start }: { readonly start: HandleEnd }) {
  const view = useEditor((state) => state.view);
  const [at, setAt] = useState<At>();
  useEffect(() => {
    const move = ({ clientX, clientY }: PointerEvent) => setAt({ x: clientX, y: clientY });
    window.addEventListener('pointermove', move, true);
    return () => window.removeEventListener('pointermove', move, true);
  }, []);
  if (!view || !at) return null;
  const outcome = outcomeAt(view, start, document.elementFromPoint(at.x, at.y));
  if (!outcome) return null;
  const refused = 'refusal' in outcome;
  const left = Math.max(8, Math.min(at.x + 16, window.innerWidth - width - 8));
  // Above the pointer if there is no room below.
  const below = at.y + 110 < window.innerHeight;
  const style = below ? { left, top: at.y + 16 } : { left, bottom: window.innerHeight - at.y + 16 };
  return createPortal(
    <div className={`connection-hint ${refused ? 'refused' : ''}`} role="status" style={style}>
      <Icon name={refused ? 'circle-slash' : 'arrow-right'} />
      <span>{refused ? outcome.refusal : outcome.says}</span>
    </div>,
    document.body,
  );
}

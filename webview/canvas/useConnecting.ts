/** Connecting layers by dragging from handle to handle, moving the end of a connection, and dropping it elsewhere. */
import { useMemo, useRef } from 'react';
import type { Connection, FinalConnectionState, IsValidConnection, ReactFlowProps } from 'reactflow';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { useEditor } from '../model/editor.ts';
import { inputIndex, outputRef } from '../model/flow.ts';
import { connect, reconnect } from '../model/gestures.ts';
import type { NetworkView } from '../model/network.ts';
import { pickNewLayer } from '../overlay/pickers.ts';
import { cut } from './actions.ts';
import { fillIndex, type HandleEnd, type Join, joinOf, outcomeAt, refuses } from './joining.ts';
import type { LayerEdgeType, LayerNodeType } from './nodes.ts';

function dropElsewhere(event: MouseEvent | TouchEvent, state: FinalConnectionState): void {
  const { view } = useEditor.getState();
  const start = state.fromHandle;
  // On a handle, the drag has already ended in a connection or a refusal.
  if (!view || !start?.id || (state.toHandle && state.toHandle.type !== start.type)) return;
  const { clientX, clientY } = 'changedTouches' in event ? event.changedTouches[0] : event;
  const under = document.elementFromPoint(clientX, clientY);
  const outcome = outcomeAt(view, start, under);
  if (outcome && 'join' in outcome) joinIfPossible(outcome.join);
  else if (!outcome && under?.closest('.react-flow__pane') && !under.closest('.react-flow__node'))
    dropOnCanvas(view, { ...start, id: start.id }, { x: clientX, y: clientY });
}

/**
 * If an output is dropped on the empty canvas, a picker offers layers that read it. If a connected input is dropped there, it is
 * disconnected.
 */
function dropOnCanvas(
  view: NetworkView,
  { nodeId, id, type }: HandleEnd & { readonly id: string },
  at: { readonly x: number; readonly y: number },
): void {
  if (type === 'source') {
    const position = canvasControls.current?.toGraph(at.x, at.y) ?? [0, 0];
    pickNewLayer({ place: 'point', position, from: outputRef(nodeId, id) }, at);
    return;
  }
  const index = inputIndex(id);
  if (view.byName.get(nodeId)?.from[index]) cut([{ to: nodeId, index }]);
}

function joinIfPossible(join: Join): void {
  const { view } = useEditor.getState();
  const why = view && refuses(view, join);
  if (why !== undefined) useEditor.setState({ notice: { severity: 'error', message: why } });
  else void perform((now) => connect(join.from, { ...join.end, index: fillIndex(now, join.end) }));
}

type ConnectingProps = Pick<
  ReactFlowProps<LayerNodeType, LayerEdgeType>,
  'isValidConnection' | 'onConnect' | 'onConnectEnd' | 'onReconnect' | 'onReconnectStart' | 'onReconnectEnd'
>;

/** React Flow informs each of its cards and lines of a new handler, so these never change. */
export function useConnecting(): ConnectingProps {
  const reconnecting = useRef(false);
  return useMemo(() => {
    let known: { readonly view: NetworkView; readonly valid: Map<string, boolean> } | undefined;
    const isValidConnection: IsValidConnection<LayerEdgeType> = (connection) => {
      const { view } = useEditor.getState();
      const join = joinOf(connection as Connection);
      if (!view || !join) return false;
      if (known?.view !== view) known = { view, valid: new Map() };
      const key = JSON.stringify(join);
      const valid = known.valid.get(key) ?? refuses(view, join) === undefined;
      known.valid.set(key, valid);
      return valid;
    };
    return {
      isValidConnection,
      onConnect: (connection) => {
        const join = joinOf(connection);
        if (join) joinIfPossible(join);
      },
      onConnectEnd: (event, state) => {
        if (!reconnecting.current) dropElsewhere(event, state);
      },
      onReconnectStart: () => {
        reconnecting.current = true;
      },
      onReconnect: (old, connection) => {
        const join = joinOf(connection);
        const { written } = old.data?.edge ?? {};
        if (join && written)
          void perform((now) =>
            reconnect(written, join.from, { ...join.end, index: fillIndex(now, join.end) }),
          );
      },
      onReconnectEnd: (_event, old, _handle, state) => {
        reconnecting.current = false;
        const { written } = old.data?.edge ?? {};
        if (written && !state.toHandle) cut([written]);
      },
    };
  }, []);
}

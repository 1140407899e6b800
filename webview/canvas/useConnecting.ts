/** Joining layers by dragging from handle to handle, moving the end of a connection, and dropping it elsewhere. */
import { useMemo, useRef } from 'react';
import type { Connection, Edge, FinalConnectionState, IsValidConnection, ReactFlowProps } from 'reactflow';
import { connectProblem } from '../../engine/graph/connect.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { perform } from '../host.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { useEditor } from '../model/editor.ts';
import { inputIndex, outputRef } from '../model/flow.ts';
import { connect, disconnect, type EdgeEnd, reconnect } from '../model/gestures.ts';
import { inputSlots, type NetworkView } from '../model/network.ts';
import { pickNewLayer } from '../overlay/pickers.ts';
import type { LayerEdgeType, LayerNodeType } from './nodes.ts';

interface HandleEnd {
  readonly nodeId: string;
  readonly id?: string | null;
  readonly type: 'source' | 'target';
}

interface Join {
  readonly from: OutputRef;
  readonly end: EdgeEnd;
}

function joinOf({ source, sourceHandle, target, targetHandle }: Connection | Edge): Join | undefined {
  if (!sourceHandle || !targetHandle) return undefined;
  return { from: outputRef(source, sourceHandle), end: { to: target, index: inputIndex(targetHandle) } };
}

/** The edge the two handles would make, whichever the drag began at. */
function joinOfHandles(one: HandleEnd, other: HandleEnd): Join | undefined {
  const [start, end] = one.type === 'source' ? [one, other] : [other, one];
  return joinOf({
    source: start.nodeId,
    sourceHandle: start.id ?? null,
    target: end.nodeId,
    targetHandle: end.id ?? null,
  });
}

/** Why an output and an input cannot be joined. */
export function refusal(view: NetworkView, one: HandleEnd, other: HandleEnd): string | undefined {
  const join = joinOfHandles(one, other);
  return join && refuses(view, join);
}

const refuses = (view: NetworkView, { from, end }: Join): string | undefined =>
  connectProblem(view.analysis, from, end.to, fillIndex(view, end));

/** Inputs fill from the first; an edge dropped further on takes the first free place. */
const fillIndex = (view: NetworkView, { to, index }: EdgeEnd): number =>
  Math.min(index, view.byName.get(to)?.from.length ?? 0);

/** Of a layer whose card, not whose handle, the connection was dropped on: its first free input, else its last. */
function nextInput(view: NetworkView, name: string): EdgeEnd | undefined {
  const layer = view.byName.get(name);
  const slots = layer ? inputSlots(layer) : [];
  const slot = slots.find(({ ref }) => ref === undefined) ?? slots.at(-1);
  return slot && { to: name, index: slot.index };
}

function dropElsewhere(event: MouseEvent | TouchEvent, state: FinalConnectionState): void {
  const { view } = useEditor.getState();
  const start = state.fromHandle;
  // On a handle it may end at, the drag has ended in a connection or in a refusal already.
  if (!view || !start?.id || (state.toHandle && state.toHandle.type !== start.type)) return;
  const { clientX, clientY } = 'changedTouches' in event ? event.changedTouches[0] : event;
  const under = document.elementFromPoint(clientX, clientY);
  const name = under?.closest<HTMLElement>('.react-flow__node')?.dataset.id;
  if (name !== undefined) {
    const join =
      start.type === 'source'
        ? { from: outputRef(start.nodeId, start.id), end: nextInput(view, name) }
        : { from: { layer: name }, end: { to: start.nodeId, index: inputIndex(start.id) } };
    if (join.end && name !== start.nodeId) joinIfPossible({ from: join.from, end: join.end });
  } else if (under?.closest('.react-flow__pane') && start.type === 'source') {
    const position = canvasControls.current?.toGraph(clientX, clientY) ?? [0, 0];
    pickNewLayer(
      { place: 'point', position, from: outputRef(start.nodeId, start.id) },
      { x: clientX, y: clientY },
    );
  }
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

export function useConnecting(view: NetworkView | undefined): ConnectingProps {
  const reconnecting = useRef(false);
  return useMemo(() => {
    const known = new Map<string, boolean>();
    const isValidConnection: IsValidConnection<LayerEdgeType> = (connection) => {
      const join = joinOf(connection as Connection);
      if (!view || !join) return false;
      const key = JSON.stringify(join);
      const valid = known.get(key) ?? refuses(view, join) === undefined;
      known.set(key, valid);
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
        const { end } = old.data?.edge ?? {};
        if (join && end)
          void perform((now) => reconnect(end, join.from, { ...join.end, index: fillIndex(now, join.end) }));
      },
      onReconnectEnd: (_event, old, _handle, state) => {
        reconnecting.current = false;
        const { end } = old.data?.edge ?? {};
        if (end && !state.toHandle) void perform(() => disconnect([end]));
      },
    };
  }, [view]);
}

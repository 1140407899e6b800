/**
 * The nodes of the network with, while cards are being dragged, their current positions. Rows under a card move with it. The drop is
 * one edit; until its document arrives the cards stay where they were dropped. The handlers never change, because React Flow informs
 * each of its cards and lines of a new one.
 */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { NodeChange } from 'reactflow';
import { perform } from '../host.ts';
import { select, useEditor } from '../model/editor.ts';
import { type Flow, type FlowNode, withoutFrames } from '../model/flow.ts';
import type { Point } from '../model/geometry.ts';
import { duplicate, moveLayers } from '../model/gestures.ts';
import { useHeld } from '../model/held.ts';
import { toLayOut } from '../model/laidOut.ts';
import type { NetworkView } from '../model/network.ts';
import { usePanels } from '../model/panels.ts';
import { movesWithNeighbours } from '../model/staying.ts';
import { drawingOf } from '../model/unfolding.ts';
import type { LayerNodeType } from './nodes.ts';

type Places = ReadonlyMap<string, Point>;

/** Arrow keys move step by step; the edit is sent when they pause. */
const keyPause = 400;
/** A row dropped within this many pixels of its place in the stack goes back there. */
const snapping = 12;

interface ControlledNodes {
  readonly nodes: readonly FlowNode[];
  readonly onNodesChange: (changes: NodeChange<LayerNodeType>[]) => void;
  readonly onDragStart: () => void;
  /** With Alt, copies are left where the cards were dropped, and the cards go back. */
  readonly onDragStop: (event: { readonly altKey: boolean }) => void;
}

export function useNodes(flow: Flow): ControlledNodes {
  const [moved, setMoved] = useState<Places>(new Map());
  const latest = useRef(moved);
  latest.current = moved;
  const current = useRef(flow);
  current.current = flow;
  const dragging = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const nodes = useMemo(() => {
    if (moved.size === 0) return flow.nodes;
    const places = withFollowers(flow.nodes, moved);
    return flow.nodes.map((node) => {
      const position = places.get(node.id);
      return position ? { ...node, position } : node;
    });
  }, [flow.nodes, moved]);

  const commit = useCallback((snap: number) => {
    clearTimeout(timer.current);
    const places = latest.current;
    const flow = current.current;
    if (places.size === 0) return;
    const chosen = ownPlaces(flow.nodes, places, snap);
    const along = withFollowers(flow.nodes, chosen);
    const moves =
      chosen.size > 0
        ? perform((view) => {
            const { layout } = view.analysis.spec;
            const moved = [...along].filter(([name]) => chosen.has(name) || layout.has(name));
            return moveLayers(withNeighbours(view, withoutFrames(flow, new Map(moved))));
          })
        : Promise.resolve();
    void moves.finally(() => setMoved((now) => (now === places ? new Map() : now)));
  }, []);

  const copy = useCallback(() => {
    const places = latest.current;
    // Rows that move with a dragged layer are copied too, so that everything that was seen to move is copied.
    const names = [...withFollowers(current.current.nodes, places).keys()];
    void perform((view) => duplicate(view, names, places)).finally(() =>
      setMoved((now) => (now === places ? new Map() : now)),
    );
  }, []);

  const onNodesChange = useCallback(
    (changes: NodeChange<LayerNodeType>[]) => {
      const places = changes.flatMap((change): [string, Point][] =>
        change.type === 'position' && change.position
          ? [[change.id, [change.position.x, change.position.y]]]
          : [],
      );
      if (places.length > 0) {
        latest.current = new Map([...latest.current, ...places]);
        setMoved(latest.current);
        clearTimeout(timer.current);
        if (!dragging.current) timer.current = setTimeout(commit, keyPause, 0);
      }
      changeSelection(changes);
    },
    [commit],
  );

  return {
    nodes,
    onNodesChange,
    onDragStart: useCallback(() => {
      dragging.current = true;
    }, []),
    onDragStop: useCallback(
      ({ altKey }) => {
        dragging.current = false;
        if (altKey) copy();
        else commit(snapping);
      },
      [commit, copy],
    ),
  };
}

/** Other cards stay where they are. */
function withNeighbours(view: NetworkView, moves: Places): Places {
  const { items, saved } = toLayOut(view, drawingOf(view), useHeld.getState());
  return movesWithNeighbours(items, saved, usePanels.getState().direction, moves);
}

/** Within a stack, a row moves with the nearest moved card above it. What is in a frame moves with the frame. */
function withFollowers(nodes: readonly FlowNode[], moved: Places): Places {
  if (moved.size === 0) return moved;
  const byHead = new Map<string, FlowNode[]>();
  for (const node of nodes)
    if (moved.has(node.id)) byHead.set(node.head, [...(byHead.get(node.head) ?? []), node]);
  const places = new Map(moved);
  for (const { id, head, position } of nodes) {
    if (moved.has(id)) continue;
    const above = (byHead.get(head) ?? []).filter((other) => other.position[1] < position[1]);
    const leader = above.reduce<FlowNode | undefined>(
      (nearest, other) => (nearest && nearest.position[1] > other.position[1] ? nearest : other),
      undefined,
    );
    if (!leader) continue;
    const [x, y] = moved.get(leader.id)!;
    places.set(id, [x, y + position[1] - leader.position[1]]);
  }
  for (const { id, frames, position } of nodes) {
    const frame = frames[0] === undefined ? undefined : nodes.find((node) => node.id === frames[0]);
    const to = frame && places.get(frame.id);
    if (to)
      places.set(id, [position[0] + to[0] - frame.position[0], position[1] + to[1] - frame.position[1]]);
  }
  return places;
}

/** The positions to write, without those of rows that only moved along or were dropped where they had been. */
function ownPlaces(nodes: readonly FlowNode[], moved: Places, snap: number): Places {
  const byName = new Map(nodes.map((node) => [node.id, node]));
  const shift = (name: string): Point => {
    const [x, y] = moved.get(name)!;
    const [x0, y0] = byName.get(name)?.position ?? [x, y];
    return [Math.round(x - x0), Math.round(y - y0)];
  };
  return new Map(
    [...moved].filter(([name]) => {
      const node = byName.get(name);
      if (!node || node.first) return node !== undefined;
      const [x, y] = shift(name);
      if (Math.hypot(x, y) <= snap) return false;
      if (!moved.has(node.head)) return true;
      const [headX, headY] = shift(node.head);
      return x !== headX || y !== headY;
    }),
  );
}

function changeSelection(changes: readonly NodeChange<LayerNodeType>[]): void {
  const selected = new Set(useEditor.getState().selection);
  for (const change of changes) {
    if (change.type !== 'select') continue;
    if (change.selected) selected.add(change.id);
    else selected.delete(change.id);
  }
  select([...selected]);
}

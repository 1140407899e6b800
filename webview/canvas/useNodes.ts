/**
 * The nodes React Flow draws: ours from the network, with the sizes it measured, the selection, and, while
 * cards are being dragged, the places they are dragged to. The drop is one edit; until its document is back the
 * cards stay where they were dropped.
 */
import { useCallback, useMemo, useRef, useState } from 'react';
import type { NodeChange } from 'reactflow';
import { perform } from '../host.ts';
import { select, useEditor } from '../model/editor.ts';
import type { Flow } from '../model/flow.ts';
import { duplicate, moveLayers } from '../model/gestures.ts';
import type { Direction, Point } from '../model/layout.ts';
import { type LayerNodeType, toNode } from './nodes.ts';

type Places = ReadonlyMap<string, Point>;
type Sizes = ReadonlyMap<string, { width: number; height: number }>;

/** Arrow keys move step by step; the edit is sent when they rest. */
const keyPause = 400;

interface ControlledNodes {
  readonly nodes: LayerNodeType[];
  readonly onNodesChange: (changes: NodeChange<LayerNodeType>[]) => void;
  readonly onDragStart: () => void;
  /** With Alt, copies stay where the cards were dropped, and the cards go back. */
  readonly onDragStop: (event: { readonly altKey: boolean }) => void;
}

export function useNodes(flow: Flow, direction: Direction): ControlledNodes {
  const selection = useEditor((state) => state.selection);
  const [sizes, setSizes] = useState<Sizes>(new Map());
  const [moved, setMoved] = useState<Places>(new Map());
  const latest = useRef(moved);
  latest.current = moved;
  const dragging = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const base = useMemo(() => flow.nodes.map((node) => toNode(node, direction)), [flow, direction]);
  const nodes = useMemo(
    () =>
      base.map((node): LayerNodeType => {
        const place = moved.get(node.id);
        const measured = sizes.get(node.id);
        return {
          ...node,
          selected: selection.includes(node.id),
          ...(place ? { position: { x: place[0], y: place[1] } } : {}),
          ...(measured ? { measured } : {}),
        };
      }),
    [base, moved, sizes, selection],
  );

  const commit = useCallback(() => {
    clearTimeout(timer.current);
    const places = latest.current;
    if (places.size === 0) return;
    const shown = new Map(flow.nodes.map(({ id, position }) => [id, position]));
    void perform((view) => moveLayers(view, places, shown)).finally(() =>
      setMoved((now) => (now === places ? new Map() : now)),
    );
  }, [flow]);

  const copy = useCallback(() => {
    const places = latest.current;
    void perform((view) => duplicate(view, [...places.keys()], places)).finally(() =>
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
        if (!dragging.current) timer.current = setTimeout(commit, keyPause);
      }
      const measured = changes.flatMap((change): [string, { width: number; height: number }][] =>
        change.type === 'dimensions' && change.dimensions ? [[change.id, change.dimensions]] : [],
      );
      if (measured.length > 0) setSizes((sizes) => new Map([...sizes, ...measured]));
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
        else commit();
      },
      [commit, copy],
    ),
  };
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

/** The graph. Everything of React Flow stays in this folder. */
import * as l10n from '@vscode/l10n';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import {
  Background,
  BackgroundVariant,
  ConnectionLineType,
  type EdgeChange,
  MiniMap,
  ReactFlow,
  type ReactFlowInstance,
  type ReactFlowProps,
  ReactFlowProvider,
  useReactFlow,
} from 'reactflow';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, select, useEditor } from '../model/editor.ts';
import { toFlow } from '../model/flow.ts';
import type { EdgeEnd } from '../model/gestures.ts';
import { placesHeld, useHeld } from '../model/held.ts';
import { useOverlay } from '../model/overlay.ts';
import { usePanels } from '../model/panels.ts';
import { pickNewLayer } from '../overlay/pickers.ts';
import { categoryColour } from '../theme/categories.ts';
import { canvasMenu, edgeMenu, layerMenu, openInspector } from './actions.ts';
import { ConnectionHint } from './ConnectionHint.tsx';
import { LayerEdge } from './LayerEdge.tsx';
import { LayerNode } from './LayerNode.tsx';
import { Notes } from './Notes.tsx';
import { type LayerEdgeType, type LayerNodeType, toEdge } from './nodes.ts';
import { useActions } from './useActions.ts';
import { useCanvasKeys } from './useCanvasKeys.ts';
import { useClipboard } from './useClipboard.ts';
import { useConnecting } from './useConnecting.ts';
import { useFit } from './useFit.ts';
import { useNodes } from './useNodes.ts';
import { ZoomControls } from './ZoomControls.tsx';

const nodeTypes = { layer: LayerNode };
const edgeTypes = { layer: LayerEdge };

export function Canvas() {
  return (
    <ReactFlowProvider>
      <Graph />
    </ReactFlowProvider>
  );
}

function useFlow() {
  const view = useEditor((state) => state.view);
  const direction = usePanels((panels) => panels.direction);
  const held = useHeld();
  const flow = useMemo(
    () => (view ? toFlow(view, direction, placesHeld(held, view)) : { nodes: [], edges: [] }),
    [view, direction, held],
  );
  return { view, flow, direction };
}

/** Selected connections, as ids; those that are gone do not count. */
function useEdges(flow: ReturnType<typeof toFlow>) {
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const edges = useMemo(() => flow.edges.map((edge) => toEdge(edge, chosen.has(edge.id))), [flow, chosen]);
  const selected = useMemo(
    () => flow.edges.filter(({ id }) => chosen.has(id)).map(({ end }) => end),
    [flow, chosen],
  );
  const onEdgesChange = useCallback(
    (changes: EdgeChange<LayerEdgeType>[]) =>
      setChosen((before) => {
        const after = new Set(before);
        for (const change of changes)
          if (change.type === 'select') change.selected ? after.add(change.id) : after.delete(change.id);
        return after;
      }),
    [],
  );
  return { edges, selected, onEdgesChange, clear: useCallback(() => setChosen(new Set()), []) };
}

/** Where the pointer is over the canvas, in client pixels. */
function usePointer(container: React.RefObject<HTMLElement | null>) {
  const at = useRef<{ readonly x: number; readonly y: number }>(undefined);
  useEffect(() => {
    const frame = container.current;
    const move = ({ clientX: x, clientY: y }: PointerEvent) => {
      at.current = { x, y };
    };
    const leave = () => {
      at.current = undefined;
    };
    frame?.addEventListener('pointermove', move);
    frame?.addEventListener('pointerleave', leave);
    return () => {
      frame?.removeEventListener('pointermove', move);
      frame?.removeEventListener('pointerleave', leave);
    };
  }, [container]);
  return at;
}

const cardOf = (container: HTMLElement | null, name: string): HTMLElement | undefined =>
  [...(container?.querySelectorAll<HTMLElement>('.react-flow__node') ?? [])].find(
    ({ dataset }) => dataset.id === name,
  );

/** Moves the view as little as brings a card into it. */
function pan(
  container: HTMLElement | null,
  name: string,
  { getViewport, setViewport }: ReactFlowInstance<LayerNodeType, LayerEdgeType>,
): void {
  const frame = container?.getBoundingClientRect();
  const box = cardOf(container, name)?.getBoundingClientRect();
  if (!frame || !box) return;
  const margin = 24;
  const short = (low: number, high: number, from: number, to: number) =>
    low < from + margin ? from + margin - low : high > to - margin ? to - margin - high : 0;
  const dx = short(box.left, box.right, frame.left, frame.right);
  const dy = short(box.top, box.bottom, frame.top, frame.bottom);
  const { x, y, zoom } = getViewport();
  if (dx !== 0 || dy !== 0) void setViewport({ x: x + dx, y: y + dy, zoom });
}

/** Gives the rest of the editor its hold on the canvas. */
function useControls(
  container: React.RefObject<HTMLDivElement | null>,
  fitAll: (duration: number) => Promise<void>,
  nudge: (dx: number, dy: number) => void,
) {
  const latestNudge = useRef(nudge);
  latestNudge.current = nudge;
  const flow = useReactFlow<LayerNodeType, LayerEdgeType>();
  const { screenToFlowPosition, getNode, getNodes, setCenter, getZoom } = flow;
  const pointer = usePointer(container);
  useEffect(() => {
    const calm =
      matchMedia('(prefers-reduced-motion: reduce)').matches ||
      document.body.classList.contains('vscode-reduce-motion');
    const duration = calm ? 0 : 200;
    const centre = (name: string) => {
      const node = getNode(name);
      if (!node) return;
      const { width = 0, height = 0 } = node.measured ?? {};
      void setCenter(node.position.x + width / 2, node.position.y + height / 2, {
        zoom: getZoom(),
        duration,
      });
    };
    canvasControls.current = {
      fit: () => void fitAll(duration),
      centre,
      show: (name) =>
        requestAnimationFrame(() => {
          const frame = container.current?.getBoundingClientRect();
          const cards = container.current?.querySelectorAll<HTMLElement>('.react-flow__node') ?? [];
          const box = [...cards].find(({ dataset }) => dataset.id === name)?.getBoundingClientRect();
          const inside =
            frame &&
            box &&
            box.left >= frame.left &&
            box.right <= frame.right &&
            box.top >= frame.top &&
            box.bottom <= frame.bottom;
          if (!inside) centre(name);
        }),
      toGraph: (x, y) => {
        const position = screenToFlowPosition({ x, y });
        return [position.x, position.y];
      },
      focus: () => container.current?.focus(),
      pointer: () => pointer.current,
      box: (name) => {
        const node = getNode(name);
        if (!node) return undefined;
        const { width = 0, height = 0 } = node.measured ?? {};
        return { at: [node.position.x, node.position.y], size: [width, height] };
      },
      fitLayers: (names) =>
        void flow.fitView({ nodes: names.map((id) => ({ id })), padding: 0.3, maxZoom: 1.5, duration }),
      goTo: (name) => {
        pan(container.current, name, flow);
        cardOf(container.current, name)?.focus({ preventScroll: true });
      },
      zoomBy: (factor) => void flow.zoomTo(getZoom() * factor, { duration }),
      zoomTo: (zoom) => void flow.zoomTo(zoom, { duration }),
      nudge: (dx, dy) => latestNudge.current(dx, dy),
      places: () => new Map(getNodes().map(({ id, position }) => [id, [position.x, position.y]])),
    };
    return () => {
      canvasControls.current = undefined;
    };
  }, [container, fitAll, pointer, flow, screenToFlowPosition, getNode, getNodes, setCenter, getZoom]);
}

const pointer = ({ clientX, clientY }: { clientX: number; clientY: number }) => ({ x: clientX, y: clientY });

function openLayerMenu(event: React.MouseEvent, name: string): void {
  event.preventDefault();
  const { selection } = useEditor.getState();
  const names = selection.includes(name) ? selection : [name];
  select(names);
  useOverlay.setState({ menu: layerMenu(names, pointer(event)) });
}

function openEdgeMenu(event: React.MouseEvent, end: EdgeEnd | undefined): void {
  event.preventDefault();
  if (end) useOverlay.setState({ menu: edgeMenu(end, pointer(event)) });
}

function openCanvasMenu(event: MouseEvent | React.MouseEvent): void {
  event.preventDefault();
  useOverlay.setState({ menu: canvasMenu(pointer(event)) });
}

/** On the canvas itself. Cards and connections lie inside React Flow's pane and have a double click of their own. */
function addAtDoubleClick(event: React.MouseEvent): void {
  if (!(event.target instanceof Element) || !event.target.classList.contains('react-flow__pane')) return;
  const at = pointer(event);
  pickNewLayer({ place: 'point', position: canvasControls.current?.toGraph(at.x, at.y) ?? [0, 0] }, at);
}

type PointerHandlers = Pick<
  ReactFlowProps<LayerNodeType, LayerEdgeType>,
  | 'onNodeContextMenu'
  | 'onNodeDoubleClick'
  | 'onSelectionContextMenu'
  | 'onEdgeContextMenu'
  | 'onPaneContextMenu'
  | 'onEdgeDoubleClick'
  | 'onEdgeMouseEnter'
  | 'onEdgeMouseLeave'
>;

const pointerHandlers: PointerHandlers = {
  onNodeContextMenu: (event, { id }) => openLayerMenu(event, id),
  onNodeDoubleClick: (_, { id }) => {
    select([id]);
    openInspector();
  },
  onSelectionContextMenu: (event, [first]) => first && openLayerMenu(event, first.id),
  onEdgeContextMenu: (event, { data }) => openEdgeMenu(event, data?.edge.end),
  onPaneContextMenu: openCanvasMenu,
  onEdgeDoubleClick: (event, { data }) => {
    if (data) pickNewLayer({ place: 'edge', edge: data.edge.end }, pointer(event));
  },
  onEdgeMouseEnter: (_, { id }) => useOverlay.setState({ hoveredEdge: id }),
  onEdgeMouseLeave: () => useOverlay.setState({ hoveredEdge: undefined }),
};

const keyLabels = () => ({
  'node.a11yDescription.default': l10n.t(
    'Press Enter to select a layer, arrow keys to move it, / to add one after it, Delete to remove it.',
  ),
  'node.a11yDescription.keyboardDisabled': l10n.t(
    'Press Enter to select a layer, / to add one after it, Delete to remove it.',
  ),
  'edge.a11yDescription.default': l10n.t('Press Enter to select a connection, Delete to remove it.'),
  'minimap.ariaLabel': l10n.t('Overview of the network'),
  'handle.ariaLabel': l10n.t('Input or output'),
});

function Graph() {
  const { view, flow, direction } = useFlow();
  const editable = useEditor(isEditable);
  const container = useRef<HTMLDivElement>(null);
  const { nodes, onNodesChange, onDragStart, onDragStop } = useNodes(flow, direction);
  const { edges, selected, onEdgesChange, clear } = useEdges(flow);
  const nudge = (dx: number, dy: number) =>
    onNodesChange(
      nodes
        .filter(({ selected }) => selected)
        .map(({ id, position: { x, y } }) => ({ id, type: 'position', position: { x: x + dx, y: y + dy } })),
    );
  const connecting = useConnecting(view);
  useActions(selected, clear);
  useCanvasKeys(container);
  useClipboard();
  const labels = useMemo(keyLabels, []);
  const { fitAll, onMoveEnd } = useFit(container);
  useControls(container, fitAll, nudge);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: React Flow's pane inside is the interactive part; keys bubble up to here.
    <div
      ref={container}
      className={`canvas ${editable ? '' : 'locked'}`}
      tabIndex={-1}
      onDoubleClick={addAtDoubleClick}
    >
      <ReactFlow<LayerNodeType, LayerEdgeType>
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onNodesChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStart={onDragStart}
        onNodeDragStop={onDragStop}
        onSelectionDragStart={onDragStart}
        onSelectionDragStop={onDragStop}
        {...pointerHandlers}
        onMoveEnd={onMoveEnd}
        {...connecting}
        {...(usePanels.getState().viewport ? { defaultViewport: usePanels.getState().viewport! } : {})}
        nodesDraggable={editable}
        nodesConnectable={editable}
        edgesReconnectable={editable}
        deleteKeyCode={null}
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        zoomOnDoubleClick={false}
        connectionLineType={ConnectionLineType.Bezier}
        connectionRadius={20}
        minZoom={0.1}
        maxZoom={2}
        ariaLabelConfig={labels}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        {nodes.length > 0 && (
          <MiniMap<LayerNodeType>
            pannable
            zoomable
            nodeColor={({ data }) => categoryColour(data.layer.definition?.category)}
            nodeBorderRadius={12}
            style={{ width: 150, height: 110 }}
            className="overview"
          />
        )}
        <ZoomControls />
        <ConnectionHint />
        <Notes nodes={nodes} />
      </ReactFlow>
    </div>
  );
}

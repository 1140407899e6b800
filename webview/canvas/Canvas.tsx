/** The graph. Everything that depends on React Flow is in this folder. */
import * as l10n from '@vscode/l10n';
import { useCallback, useMemo, useRef, useState } from 'react';
import {
  Background,
  BackgroundVariant,
  ConnectionLineType,
  type EdgeChange,
  type NodeChange,
  ReactFlow,
  type ReactFlowProps,
  ReactFlowProvider,
  type ReactFlowState,
  useStore,
  useStoreApi,
} from 'reactflow';
import { canvasControls } from '../model/canvasControls.ts';
import { isEditable, select, useEditor } from '../model/editor.ts';
import { type Flow, toFlow } from '../model/flow.ts';
import type { Direction } from '../model/geometry.ts';
import type { EdgeEnd } from '../model/gestures.ts';
import { useHeld } from '../model/held.ts';
import { useOverlay } from '../model/overlay.ts';
import { usePanels } from '../model/panels.ts';
import { useUnfolded } from '../model/unfolding.ts';
import { pickNewLayer } from '../overlay/pickers.ts';
import { canvasMenu, edgeMenu, layerMenu, openInspector } from './actions.ts';
import { enterBlock, isUse } from './blockActions.ts';
import { ConnectionHint } from './ConnectionHint.tsx';
import { type Level, levelOf } from './detail.ts';
import { smallest } from './fittedViewport.ts';
import { MarkPatterns } from './HealthMark.tsx';
import { LayerEdge } from './LayerEdge.tsx';
import { LayerNode } from './LayerNode.tsx';
import { Legend } from './Legend.tsx';
import { Minimap } from './Minimap.tsx';
import { Notes } from './Notes.tsx';
import { useNearby } from './nearby.ts';
import { edgeOf, type LayerEdgeType, type LayerNodeType, nodeOf } from './nodes.ts';
import { Overview, useOverviewPointer } from './Overview.tsx';
import { useActions } from './useActions.ts';
import { useCanvasKeys } from './useCanvasKeys.ts';
import { useClipboard } from './useClipboard.ts';
import { useConnecting } from './useConnecting.ts';
import { useControls } from './useControls.ts';
import { useDistant } from './useDistant.ts';
import { useEdgePanning } from './useEdgePanning.ts';
import { useFit } from './useFit.ts';
import { useNodes } from './useNodes.ts';
import { Guides, useSnapping } from './useSnapping.tsx';
import { ZoomControls } from './ZoomControls.tsx';

type Ids = ReadonlySet<string>;

const nodeTypes = { layer: LayerNode };
const edgeTypes = { layer: LayerEdge };

/**
 * React Flow would measure each card that appears, and then inform all cards and lines. Cards have the sizes and handles that they
 * were given (nodes.ts), and the pointer may enlarge a dot at that moment.
 */
function useGivenSizes(): void {
  const store = useStoreApi();
  // Before the first card is rendered, which takes the function from the store.
  useState(() => store.setState({ updateNodeInternals: () => undefined }));
}

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
  const unfolded = useUnfolded(({ names }) => names);
  const flow = useMemo(
    () => (view ? toFlow(view, direction, held, unfolded) : { nodes: [], edges: [] }),
    [view, direction, held, unfolded],
  );
  return { flow, direction };
}

const nothing: never[] = [];

/** Ids of selected connections, and the ends of those that exist. */
function useEdges(flow: ReturnType<typeof toFlow>) {
  const [chosen, setChosen] = useState<Ids>(new Set());
  const selected = useMemo(
    () =>
      chosen.size === 0
        ? nothing
        : flow.edges.flatMap(({ id, written }) => (chosen.has(id) && written ? [written] : [])),
    [flow.edges, chosen],
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
  return { chosen, selected, onEdgesChange, clear: useCallback(() => setChosen(new Set()), []) };
}

function useSelection(): Ids {
  const selection = useEditor((state) => state.selection);
  return useMemo(() => new Set(selection), [selection]);
}

/** What React Flow draws: the part of the network near the view. */
function useDrawn({ nodes, edges }: Flow, direction: Direction, selection: Ids, chosen: Ids) {
  const whole = useMemo(() => ({ nodes, edges }), [nodes, edges]);
  const near = useNearby(whole, selection, chosen);
  return useMemo(
    () => ({
      nodes: near.nodes.map((node) => nodeOf(node, direction, selection.has(node.id))),
      edges: near.edges.map((edge) => edgeOf(edge, chosen.has(edge.id))),
    }),
    [near, direction, selection, chosen],
  );
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

/** A double click on the canvas itself. Cards and connections lie inside React Flow's pane and handle their own. */
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
    if (isUse(useEditor.getState().view, id)) return enterBlock(id);
    select([id]);
    return openInspector();
  },
  onSelectionContextMenu: (event, [first]) => first && openLayerMenu(event, first.id),
  onEdgeContextMenu: (event, { data }) => openEdgeMenu(event, data?.edge.written),
  onPaneContextMenu: openCanvasMenu,
  onEdgeDoubleClick: (event, { data }) => {
    if (data?.edge.written) pickNewLayer({ place: 'edge', edge: data.edge.written }, pointer(event));
  },
  onEdgeMouseEnter: (_, { id }) => useOverlay.setState({ hoveredEdge: id }),
  onEdgeMouseLeave: () => useOverlay.setState({ hoveredEdge: undefined }),
};

const level = ({ transform }: ReactFlowState): Level => levelOf(transform[2]);

const keyLabels = () => ({
  'node.a11yDescription.default': l10n.t(
    'Press Enter to select a layer, arrow keys to move it, / to add one after it, Delete to remove it.',
  ),
  'node.a11yDescription.keyboardDisabled': l10n.t(
    'Press Enter to select a layer, / to add one after it, Delete to remove it.',
  ),
  'edge.a11yDescription.default': l10n.t('Press Enter to select a connection, Delete to remove it.'),
  'handle.ariaLabel': l10n.t('Input or output'),
});

function Graph() {
  useGivenSizes();
  const { flow, direction } = useFlow();
  const editable = useEditor(isEditable);
  const readOnly = useEditor((state) => state.readOnly);
  const container = useRef<HTMLDivElement>(null);
  const selection = useSelection();
  const { nodes, onNodesChange, onDragStart, onDragStop } = useNodes(flow);
  const { chosen, selected, onEdgesChange, clear } = useEdges(flow);
  const nudge = (dx: number, dy: number) =>
    onNodesChange(
      nodes
        .filter(({ id, frames }) => selection.has(id) && frames.length === 0)
        .map(({ id, position: [x, y] }) => ({ id, type: 'position', position: { x: x + dx, y: y + dy } })),
    );
  const { inLine, guides } = useSnapping(nodes);
  const onChange = useCallback(
    (changes: NodeChange<LayerNodeType>[]) => onNodesChange(inLine(changes)),
    [onNodesChange, inLine],
  );
  const connecting = useConnecting();
  useActions(selected, clear);
  useCanvasKeys(container);
  useClipboard();
  useEdgePanning(container);
  const labels = useMemo(keyLabels, []);
  const { onMoveStart, onMoveEnd, ...view } = useFit(container, flow);
  useControls(container, flow, view, nudge);
  const { detail, text } = useStore(level);
  const distant = useDistant(nodes.length, detail);
  const drawn = useDrawn({ nodes, edges: flow.edges }, direction, selection, chosen);
  const overview = useOverviewPointer(flow, distant);
  return (
    <div
      ref={container}
      className={`canvas ${readOnly ? 'locked' : ''}`}
      data-detail={detail}
      style={{ '--text': text } as React.CSSProperties}
      role="application"
      aria-label={l10n.t('Graph')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the graph takes keys as a whole.
      tabIndex={0}
      onDoubleClick={distant ? undefined : addAtDoubleClick}
    >
      <MarkPatterns />
      <ReactFlow<LayerNodeType, LayerEdgeType>
        nodes={distant ? nothing : drawn.nodes}
        edges={distant ? nothing : drawn.edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={onChange}
        onEdgesChange={onEdgesChange}
        onNodeDragStart={onDragStart}
        onNodeDragStop={onDragStop}
        onSelectionDragStart={onDragStart}
        onSelectionDragStop={onDragStop}
        {...pointerHandlers}
        {...overview}
        onMoveStart={onMoveStart}
        onMoveEnd={onMoveEnd}
        {...connecting}
        {...(usePanels.getState().viewport ? { defaultViewport: usePanels.getState().viewport! } : {})}
        nodesDraggable={editable}
        nodesConnectable={editable}
        edgesReconnectable={editable}
        edgesFocusable={false}
        deleteKeyCode={null}
        multiSelectionKeyCode={['Shift', 'Control', 'Meta']}
        zoomOnDoubleClick={false}
        connectionLineType={ConnectionLineType.Bezier}
        connectionRadius={20}
        minZoom={smallest}
        onlyRenderVisibleElements
        maxZoom={2}
        ariaLabelConfig={labels}
        attributionPosition="bottom-right"
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
        {distant && <Overview flow={flow} direction={direction} />}
        <Minimap flow={flow} direction={direction} />
        <ZoomControls />
        <Legend />
        <ConnectionHint />
        <Guides guides={guides} />
        <Notes nodes={distant ? nothing : nodes} />
      </ReactFlow>
    </div>
  );
}

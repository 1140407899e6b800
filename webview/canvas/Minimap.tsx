/**
 * The whole network in a corner, with the visible part marked. Hidden while everything is visible. Dragging in it moves the view.
 */
import * as l10n from '@vscode/l10n';
import { useRef } from 'react';
import { Panel, type ReactFlowState, type Rect, useStore, useStoreApi } from 'reactflow';
import { boundsOf } from '../model/bounds.ts';
import { canvasControls } from '../model/canvasControls.ts';
import type { Flow } from '../model/flow.ts';
import type { Direction } from '../model/geometry.ts';
import { drawNetwork, type View } from './drawing.ts';
import { useDrawing } from './useDrawing.ts';

interface MinimapProps {
  readonly flow: Flow;
  readonly direction: Direction;
}

export function Minimap(props: MinimapProps) {
  const bounds = boundsOf(props.flow.nodes);
  const all = useStore((state) => showsAll(state, bounds));
  if (all || props.flow.nodes.length === 0) return null;
  return <Picture {...props} bounds={bounds} />;
}

/** How many pixels may be out of view before the minimap appears. */
const tolerance = 4;

function showsAll({ transform: [x, y, zoom], width, height }: ReactFlowState, bounds: Rect): boolean {
  const [left, top] = [bounds.x * zoom + x, bounds.y * zoom + y];
  return (
    left >= -tolerance &&
    top >= -tolerance &&
    left + bounds.width * zoom <= width + tolerance &&
    top + bounds.height * zoom <= height + tolerance
  );
}

const margin = 6;

function viewOf(bounds: Rect, width: number, height: number): View {
  const zoom = Math.min((width - 2 * margin) / bounds.width, (height - 2 * margin) / bounds.height);
  return {
    zoom,
    x: (width - bounds.width * zoom) / 2 - bounds.x * zoom,
    y: (height - bounds.height * zoom) / 2 - bounds.y * zoom,
    width,
    height,
  };
}

function Picture({ flow, direction, bounds }: MinimapProps & { readonly bounds: Rect }) {
  const store = useStoreApi();
  const picture = useRef<HTMLCanvasElement>(undefined);
  const canvas = useDrawing(
    ({ context, looks, marks, width, height, redrawn }) => {
      const view = viewOf(bounds, width, height);
      if (redrawn || !picture.current) {
        const { canvas } = context;
        picture.current ??= document.createElement('canvas');
        Object.assign(picture.current, { width: canvas.width, height: canvas.height });
        const own = picture.current.getContext('2d')!;
        own.scale(canvas.width / width, canvas.height / height);
        drawNetwork(own, { flow, direction, marks, selection: new Set(), looks, view });
      }
      context.drawImage(picture.current, 0, 0, width, height);
      const { transform, width: seenWidth, height: seenHeight } = store.getState();
      const [x, y, zoom] = transform;
      context.strokeStyle = looks.selected;
      context.lineWidth = 1.5;
      context.strokeRect(
        (-x / zoom) * view.zoom + view.x,
        (-y / zoom) * view.zoom + view.y,
        (seenWidth / zoom) * view.zoom,
        (seenHeight / zoom) * view.zoom,
      );
    },
    [flow, direction],
    false,
  );
  const look = ({ nativeEvent: { offsetX, offsetY, buttons } }: React.PointerEvent<HTMLCanvasElement>) => {
    if (buttons !== 1 || !canvas.current) return;
    const { clientWidth, clientHeight } = canvas.current;
    const { x, y, zoom } = viewOf(bounds, clientWidth, clientHeight);
    canvasControls.current?.centre([(offsetX - x) / zoom, (offsetY - y) / zoom]);
  };
  return (
    <Panel position="bottom-right" className="overview">
      <canvas
        ref={canvas}
        role="img"
        aria-label={l10n.t('Overview of the network')}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          look(event);
        }}
        onPointerMove={look}
      />
    </Panel>
  );
}

/**
 * A large network zoomed out, drawn on one canvas element, because thousands of cards as page elements would be slow. A
 * click selects a layer; a double click zooms to it.
 */
import { useMemo } from 'react';
import { useReactFlow, useStoreApi } from 'reactflow';
import { canvasControls } from '../model/canvasControls.ts';
import { select, useEditor } from '../model/editor.ts';
import type { Flow } from '../model/flow.ts';
import type { Direction, Point } from '../model/geometry.ts';
import { drawNetwork } from './drawing.ts';
import { useDrawing } from './useDrawing.ts';

interface OverviewProps {
  readonly flow: Flow;
  readonly direction: Direction;
}

export function Overview({ flow, direction }: OverviewProps) {
  const store = useStoreApi();
  const canvas = useDrawing(
    ({ context, looks, marks, width, height }) => {
      const [x, y, zoom] = store.getState().transform;
      const selection = new Set(useEditor.getState().selection);
      drawNetwork(context, {
        flow,
        direction,
        marks,
        selection,
        looks,
        view: { x, y, zoom, width, height },
      });
    },
    [flow, direction],
    true,
  );
  return <canvas ref={canvas} className="overview-drawing" />;
}

/** Finds the layer under the pointer, since there are no elements to receive clicks. */
function layerAt({ nodes }: Flow, [x, y]: Point): string | undefined {
  // A card in a frame comes after it.
  return nodes.findLast(
    ({ position: [left, top], width, height }) =>
      x >= left && x < left + width && y >= top && y < top + height,
  )?.id;
}

export function useOverviewPointer(flow: Flow, distant: boolean) {
  const { screenToFlowPosition } = useReactFlow();
  return useMemo(() => {
    if (!distant) return {};
    const at = ({ clientX, clientY }: React.MouseEvent): Point => {
      const { x, y } = screenToFlowPosition({ x: clientX, y: clientY });
      return [x, y];
    };
    return {
      onPaneClick: (event: React.MouseEvent) => {
        const name = layerAt(flow, at(event));
        select(name === undefined ? [] : [name]);
        if (event.detail === 2 && name !== undefined) canvasControls.current?.lookAt(name);
      },
    };
  }, [flow, distant, screenToFlowPosition]);
}

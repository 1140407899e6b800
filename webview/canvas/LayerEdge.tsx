/** A connection: a calm curve that tells the shape it carries when pointed at. */

import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from 'reactflow';
import { shortShapeText } from '../../engine/schema/text.ts';
import { edgeId } from '../model/flow.ts';
import { useOverlay } from '../model/overlay.ts';
import type { LayerEdgeType } from './nodes.ts';
import { edgePath } from './path.ts';

export function LayerEdge({ id, data, markerEnd, selected, ...ends }: EdgeProps<LayerEdgeType>) {
  const [path, x, y] = edgePath(ends, data?.edge.route);
  const hovered = useOverlay((overlay) => overlay.hoveredEdge === id);
  const target = useOverlay(({ drag }) => drag?.over.kind === 'edge' && edgeId(drag.over.edge) === id);
  const shape = data?.edge.shape;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={24}
        className={`layer-edge ${target ? 'drop-target' : ''}`}
        {...(markerEnd ? { markerEnd } : {})}
      />
      {shape && (hovered || selected || target || data?.edge.reshaped) && (
        <EdgeLabelRenderer>
          <span
            className={`edge-label ${hovered || selected || target ? '' : 'quiet'}`}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}
          >
            {shortShapeText(shape)}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

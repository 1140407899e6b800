/** A connection: a plain line that shows its tensor's shape on hover. Within a stack, the seam between two layers. */

import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from 'reactflow';
import { shortShapeText } from '../../engine/schema/text.ts';
import { edgeId } from '../model/flow.ts';
import { useOverlay } from '../model/overlay.ts';
import { useRun } from '../model/run.ts';
import { lineWidth, widths } from './gradientFlow.ts';
import type { LayerEdgeType } from './nodes.ts';
import { edgePath, seamPath } from './path.ts';

/** Width of the area around the line that reacts to the pointer. Small on a seam, because the rows beside it react too. */
const reach = { line: 24, seam: 8 } as const;

export function LayerEdge({ id, data, markerEnd, selected, ...ends }: EdgeProps<LayerEdgeType>) {
  const seam = data?.edge.seam ? seamPath(ends) : undefined;
  const [path, x, y] = seam ?? edgePath(ends, data?.edge.route);
  const hovered = useOverlay((overlay) => overlay.hoveredEdge === id);
  const target = useOverlay(({ drag }) => drag?.over.kind === 'edge' && edgeId(drag.over.edge) === id);
  const from = data?.edge.from;
  const width = useRun(({ stats }) => (from ? lineWidth(stats, from) : widths.rest));
  const shape = data?.edge.shape;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={seam ? reach.seam : reach.line}
        className={`layer-edge ${seam ? 'seam' : ''} ${target ? 'drop-target' : ''}`}
        {...(seam ? {} : { style: { '--width': width } as React.CSSProperties })}
        {...(markerEnd ? { markerEnd } : {})}
      />
      {shape && (hovered || selected || target || (data?.edge.reshaped && !seam)) && (
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

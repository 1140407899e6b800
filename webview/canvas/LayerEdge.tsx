/**
 * A connection: a line that shows its tensor's shape on hover, and the values and gradients of a run by its look. Within a
 * stack, the seam between two layers.
 */

import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from 'reactflow';
import { useShallow } from 'zustand/react/shallow';
import { shortShapeText } from '../../engine/schema/text.ts';
import { useEditor } from '../model/editor.ts';
import { edgeId } from '../model/flow.ts';
import { useOverlay } from '../model/overlay.ts';
import { useRun } from '../model/run.ts';
import { lineLook, widths } from './gradientFlow.ts';
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
  const view = useEditor((editor) => editor.view);
  const { width, level } = useRun(
    useShallow(({ stats }) =>
      from ? lineLook(stats, view, from) : { width: widths.rest, level: undefined },
    ),
  );
  const shape = data?.edge.shape;
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={seam ? reach.seam : reach.line}
        className={`layer-edge ${seam ? 'seam' : level ? `gradient-${level}` : ''} ${target ? 'drop-target' : ''}`}
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

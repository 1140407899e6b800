/**
 * A connection: a line that shows its tensor's shape on hover. Its width and colour show the values and gradients of a run. Within
 * a stack, it is the seam between two layers.
 */

import { BaseEdge, EdgeLabelRenderer, type EdgeProps } from 'reactflow';
import { useShallow } from 'zustand/react/shallow';
import { shortShapeText } from '../../engine/schema/text.ts';
import { useEditor } from '../model/editor.ts';
import { edgeId } from '../model/flow.ts';
import { useOverlay } from '../model/overlay.ts';
import { useRun } from '../model/run.ts';
import { labelPlace, showsShape } from './edgeLabel.ts';
import { gradientDashes, lineLook, widths } from './gradientFlow.ts';
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
  // Of the network and of the run: drawn again only when one of them changes how the line looks.
  const lookNow = () =>
    from
      ? lineLook(useRun.getState(), useEditor.getState().view, from)
      : { width: widths.rest, level: undefined };
  useEditor(useShallow(lookNow));
  const { width, level } = useRun(useShallow(lookNow));
  const shape = data?.edge.shape;
  const called = hovered || selected || target;
  const place = called || !data ? { at: [x, y], ends: false } : labelPlace(ends, data.edge, [x, y]);
  return (
    <>
      <BaseEdge
        id={id}
        path={path}
        interactionWidth={seam ? reach.seam : reach.line}
        className={`layer-edge ${seam ? 'seam' : level ? `gradient-${level}` : ''} ${target ? 'drop-target' : ''}`}
        {...(seam
          ? {}
          : {
              style: {
                '--width': width,
                strokeDasharray: level && gradientDashes[level],
              } as React.CSSProperties,
            })}
        {...(markerEnd ? { markerEnd } : {})}
      />
      {shape && (called || (data && !seam && showsShape(data.edge))) && (
        <EdgeLabelRenderer>
          <span
            className={`edge-label ${called ? '' : 'quiet'}`}
            style={{
              transform: `translate(${place.ends ? '-100%' : '-50%'}, -50%) translate(${place.at[0]}px, ${place.at[1]}px)`,
            }}
          >
            {shortShapeText(shape)}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

/**
 * A connection: a line that shows its tensor's shape on hover. Its width and colour show the values and gradients of a run. Within
 * a stack, it is the seam between two layers.
 */

import { BaseEdge, EdgeLabelRenderer, type EdgeProps, Position } from 'reactflow';
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

/**
 * A label that was requested, or of a route, lies on its line. A permanent label is to the left of both ends, so that it covers
 * neither the line nor names of ports.
 */
const onLine = 'translate(-50%, -50%)';
const besideLine = 'translate(calc(-100% - 6px), -50%)';
/**
 * A line that leads so far to the side has its label on it, because left of it may be the line to a neighbour. The names of further
 * inputs are on the right of the first one, and a line that comes from there has its label on the left.
 */
const far = 120;
/** A label below a folded block is so much lower, off the further cards on which the block is drawn. */
const belowBlock = 4;

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
  const leadsAside = Math.abs(ends.sourceX - ends.targetX) > far;
  const crossesNames = data?.edge.amongNames && ends.sourceX > ends.targetX;
  const isBeside =
    !called && (!leadsAside || crossesNames) && ends.sourcePosition === Position.Bottom && !data?.edge.route;
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
      {shape && (called || (data?.edge.reshaped && !seam && !data.edge.enters)) && (
        <EdgeLabelRenderer>
          <span
            className={`edge-label ${called ? '' : 'quiet'}`}
            style={{
              transform: isBeside
                ? `${besideLine} translate(${Math.min(ends.sourceX, ends.targetX)}px, ${y + (data?.edge.fromBlock ? belowBlock : 0)}px)`
                : `${onLine} translate(${x}px, ${y}px)`,
            }}
          >
            {shortShapeText(shape)}
          </span>
        </EdgeLabelRenderer>
      )}
    </>
  );
}

/** A card dragged nearly into line with another card snaps to that line, which is drawn meanwhile. */
import { useCallback, useRef, useState } from 'react';
import { type NodeChange, ViewportPortal } from 'reactflow';
import type { FlowNode } from '../model/flow.ts';
import { type Box, type Guide, snap } from '../model/snapping.ts';
import type { LayerNodeType } from './nodes.ts';

const boxOf = ({ position, width, height }: FlowNode): Box => ({ at: position, size: [width, height] });

type Changes = readonly NodeChange<LayerNodeType>[];

/** The changes of a drag with the card snapped, and the lines to draw. */
export function useSnapping(nodes: readonly FlowNode[]) {
  const [guides, setGuides] = useState<readonly Guide[]>([]);
  const latest = useRef(nodes);
  latest.current = nodes;
  const inLine = useCallback((changes: Changes): NodeChange<LayerNodeType>[] => {
    const nodes = latest.current;
    const drags = changes.filter((change) => change.type === 'position' && change.dragging !== undefined);
    const [drag, ...others] = drags;
    if (drag?.type !== 'position') return [...changes];
    const node = nodes.find(({ id }) => id === drag.id);
    // Several cards keep their relative positions, and a row of a stack has its fixed place.
    if (!node || !drag.position || others.length > 0 || node.head !== node.id) {
      setGuides([]);
      return [...changes];
    }
    const heads = nodes.filter(
      ({ id, head, frames }) => id === head && id !== node.id && frames.length === 0,
    );
    const { x, y } = drag.position;
    const { by, guides: lines } = snap({ ...boxOf(node), at: [x, y] }, heads.map(boxOf));
    setGuides(drag.dragging ? lines : []);
    const position = { x: x + by[0], y: y + by[1] };
    return changes.map((change) => (change === drag ? { ...drag, position } : change));
  }, []);
  return { inLine, guides };
}

export function Guides({ guides }: { readonly guides: readonly Guide[] }) {
  if (guides.length === 0) return null;
  return (
    <ViewportPortal>
      {guides.map(({ axis, place, from, to }) => (
        <div
          key={`${axis} ${place}`}
          className="snap-guide"
          style={
            axis === 0
              ? { left: place, top: from, width: 1, height: to - from }
              : { left: from, top: place, width: to - from, height: 1 }
          }
        />
      ))}
    </ViewportPortal>
  );
}

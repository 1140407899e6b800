/** Dragging a layer type onto the canvas by pointer events, since HTML drag and drop needs a key held in a webview. */
import { arityOf } from '../../engine/graph/ports.ts';
import type { LayerDefinition } from '../../engine/layers/define.ts';
import { layers } from '../../engine/layers/registry.ts';
import { canvasControls } from '../model/canvasControls.ts';
import { card, cardHeight } from '../model/cardSizes.ts';
import { useEditor } from '../model/editor.ts';
import type { EdgeEnd } from '../model/gestures.ts';
import { type PaletteDrag, useOverlay } from '../model/overlay.ts';
import { drawingOf, outermostIn } from '../model/unfolding.ts';
import { add } from '../overlay/pickers.ts';

/** Less than this many pixels is a click. */
const threshold = 5;

/** A layer type, or a block of the network in view. */
export const kindOf = (type: string): LayerDefinition =>
  (useEditor.getState().view?.analysis.spec.kinds ?? layers).get(type);

export function startPaletteDrag(down: React.PointerEvent, type: string): void {
  if (down.button !== 0) return;
  const listening = new AbortController();
  const end = () => {
    listening.abort();
    useOverlay.setState({ drag: undefined });
  };
  const move = ({ clientX, clientY }: PointerEvent) => {
    const near = Math.hypot(clientX - down.clientX, clientY - down.clientY) < threshold;
    if (near && !useOverlay.getState().drag) return;
    useOverlay.setState({ drag: { type, x: clientX, y: clientY, over: whatIsAt(type, clientX, clientY) } });
  };
  const drop = () => {
    const { drag } = useOverlay.getState();
    end();
    if (!drag) return;
    window.addEventListener('click', swallow, { capture: true, once: true });
    setTimeout(() => window.removeEventListener('click', swallow, true));
    dropLayer(drag);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === 'Escape') end();
  };
  const options = { capture: true, signal: listening.signal };
  window.addEventListener('pointermove', move, options);
  window.addEventListener('pointerup', drop, options);
  window.addEventListener('pointercancel', end, options);
  window.addEventListener('keydown', key, options);
}

/** The click that ends a drag is not a click on the palette. */
const swallow = (event: Event) => event.stopPropagation();

function outermost(card: string): string {
  const { view } = useEditor.getState();
  return view ? outermostIn(view, card) : card;
}

function whatIsAt(type: string, x: number, y: number): PaletteDrag['over'] {
  const under = document.elementsFromPoint(x, y);
  if (!under.some((element) => element.closest('.canvas'))) return { kind: 'nothing' };
  // The topmost element counts: the seam between two rows is above both.
  for (const element of under) {
    // A dot stands out from its card, over the end of its connection.
    if (element.closest('.react-flow__handle')) continue;
    const edge = element.closest<SVGElement>('.react-flow__edge')?.dataset.id;
    const written = edge === undefined ? undefined : writtenEnd(edge);
    if (written) return { kind: 'edge', edge: written };
    const card = element.closest<HTMLElement>('.react-flow__node')?.dataset.id;
    const layer = card === undefined ? undefined : outermost(card);
    // A layer without inputs cannot be added after a card, and would only cover it.
    if (layer !== undefined)
      return arityOf(kindOf(type)).max > 0 ? { kind: 'card', layer } : { kind: 'nothing' };
  }
  return { kind: 'canvas' };
}

/** A connection within a block has no place in the text in view. */
function writtenEnd(id: string): EdgeEnd | undefined {
  const colon = id.lastIndexOf(':');
  const { view } = useEditor.getState();
  return view && drawingOf(view).byName.get(id.slice(0, colon))?.ends[Number(id.slice(colon + 1))];
}

function dropLayer({ type, x, y, over }: PaletteDrag): void {
  if (over.kind === 'nothing') return;
  if (over.kind === 'edge') {
    void add(type, { place: 'edge', edge: over.edge });
    return;
  }
  if (over.kind === 'card') {
    void add(type, { place: 'after', layers: [over.layer] });
    return;
  }
  const [left, top] = canvasControls.current?.toGraph(x, y) ?? [0, 0];
  void add(type, {
    place: 'point',
    position: [left - card.width / 2, top - cardHeight(kindOf(type)) / 2],
  });
}

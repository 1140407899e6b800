/**
 * Determines the connection that a drag would make, or why it cannot. The hint, the drop and the line's colour use the same answer.
 */
import * as l10n from '@vscode/l10n';
import type { Connection, Edge } from 'reactflow';
import { connectProblem } from '../../engine/graph/connect.ts';
import type { OutputRef } from '../../engine/spec/document.ts';
import { printReference } from '../../engine/spec/reference.ts';
import { inputIndex, outputRef } from '../model/flow.ts';
import type { EdgeEnd } from '../model/gestures.ts';
import { inputSlots, type NetworkView } from '../model/network.ts';
import { outermostIn } from '../model/unfolding.ts';

/** A handle of a card at which a drag began or is. */
export interface HandleEnd {
  readonly nodeId: string;
  readonly id?: string | null;
  readonly type: 'source' | 'target';
}

export interface Join {
  readonly from: OutputRef;
  readonly end: EdgeEnd;
}

export function joinOf({ source, sourceHandle, target, targetHandle }: Connection | Edge): Join | undefined {
  if (!sourceHandle || !targetHandle) return undefined;
  return { from: outputRef(source, sourceHandle), end: { to: target, index: inputIndex(targetHandle) } };
}

export const refuses = (view: NetworkView, { from, end }: Join): string | undefined =>
  connectProblem(view.analysis, from, end.to, fillIndex(view, end));

/** Inputs are filled from the first; an edge dropped further on takes the first free input. */
export const fillIndex = (view: NetworkView, { to, index }: EdgeEnd): number =>
  Math.min(index, view.byName.get(to)?.from.length ?? 0);

/** For a connection dropped on a card instead of a handle: its first free input, otherwise its last. */
function nextInput(view: NetworkView, name: string): EdgeEnd | undefined {
  const layer = view.byName.get(name);
  const slots = layer ? inputSlots(layer) : [];
  const slot = slots.find(({ ref }) => ref === undefined) ?? slots.at(-1);
  return slot && { to: name, index: slot.index };
}

/** The effect of releasing the button over a page element. */
export type Outcome =
  | { readonly join: Join; readonly says: string }
  | { readonly refusal: string }
  /** The pointer is over nothing that could be connected. */
  | undefined;

export function outcomeAt(view: NetworkView, start: HandleEnd, under: Element | null): Outcome {
  const drawn = under?.closest<HTMLElement>('.react-flow__node')?.dataset.id;
  if (drawn === undefined || !start.id) return undefined;
  const card = outermostIn(view, drawn);
  if (card === start.nodeId) return undefined;
  const handle =
    card === drawn ? under?.closest<HTMLElement>('.react-flow__handle')?.dataset.handleid : undefined;
  const join = joinAt(view, start, card, handle);
  if (!join) return { refusal: l10n.t('{0} takes no input.', card) };
  const refusal = refuses(view, join);
  if (refusal !== undefined) return { refusal };
  return { join, says: l10n.t('{0} reads {1}', join.end.to, printReference(join.from)) };
}

/** A handle of the kind the drag needs, or the one that the card chooses. */
function joinAt(
  view: NetworkView,
  start: HandleEnd,
  card: string,
  handle: string | undefined,
): Join | undefined {
  if (start.type === 'source') {
    const end = handle?.startsWith('in:') ? { to: card, index: inputIndex(handle) } : nextInput(view, card);
    return end && { from: outputRef(start.nodeId, start.id!), end };
  }
  const from = handle?.startsWith('out') ? outputRef(card, handle) : { layer: card };
  return { from, end: { to: start.nodeId, index: inputIndex(start.id!) } };
}

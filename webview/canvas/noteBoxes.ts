/** Where notes lie: beside their cards. */
import { insideName } from '../../engine/spec/reference.ts';
import type { Bounds } from '../model/bounds.ts';
import type { FlowNode } from '../model/flow.ts';
import type { Point } from '../model/geometry.ts';
import type { NetworkView } from '../model/network.ts';
import { drawingOf } from '../model/unfolding.ts';

/** The space that a note of a few lines takes, and its distance from the card. */
export const note = { width: 190, height: 60, gap: 14 } as const;

/** What determines where the note of a card is. */
export type NotedCard = Pick<FlowNode, 'id' | 'position' | 'width' | 'height' | 'frames'>;

/** For a layer in a frame, the note in its block. */
export function noteOf(view: NetworkView | undefined, name: string): string | undefined {
  const item = view && drawingOf(view).byName.get(name);
  if (!item) return undefined;
  if (item.block === undefined) return view.analysis.notes.get(name);
  return view.whole.notes.get(insideName(item.block, item.written));
}

/** The cards that have a note. Few networks have any. */
export const withNotes = <T extends NotedCard>(
  view: NetworkView | undefined,
  cards: readonly T[],
): readonly T[] =>
  view && view.analysis.notes.size + view.whole.notes.size > 0
    ? cards.filter(({ id }) => noteOf(view, id) !== undefined)
    : [];

export const noteCorner = ({ position: [x, y], width }: NotedCard): Point => [x + width + note.gap, y];

/** Another card is where the note would be, so only an icon is shown until the pointer is over it. */
export function isCrowded(noted: NotedCard, cards: readonly NotedCard[]): boolean {
  const [left, top] = noteCorner(noted);
  return cards.some(
    ({ id, position: [x, y], width, height }) =>
      id !== noted.id &&
      !noted.frames.includes(id) &&
      x < left + note.width &&
      x + width > left &&
      y < top + note.height &&
      y + height > top,
  );
}

/** The areas of the notes that are shown in full. */
export const noteBoxes = (view: NetworkView | undefined, cards: readonly NotedCard[]): readonly Bounds[] =>
  withNotes(view, cards)
    .filter((card) => card.frames.length === 0 && !isCrowded(card, cards))
    .map((card) => {
      const [x, y] = noteCorner(card);
      return { x, y, width: note.width, height: note.height };
    });

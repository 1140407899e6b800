/** A text during several changes: each step sees the result of the one before, and all steps together give one set of changes. */
import type { TextChange } from './document.ts';

/** A range of the original text, or new text. */
type Piece = { readonly start: number; readonly end: number } | { readonly text: string };

const lengthOf = (piece: Piece): number => ('text' in piece ? piece.text.length : piece.end - piece.start);

function part(piece: Piece, from: number, to: number): Piece {
  return 'text' in piece
    ? { text: piece.text.slice(from, to) }
    : { start: piece.start + from, end: piece.start + to };
}

/** `changes` refer to `text` and do not overlap. */
export function applyChanges(text: string, changes: readonly TextChange[]): string {
  let result = '';
  let position = 0;
  for (const { offset, length, text: added } of inOrder(changes)) {
    result += text.slice(position, offset) + added;
    position = offset + length;
  }
  return result + text.slice(position);
}

const inOrder = (changes: readonly TextChange[]): TextChange[] =>
  [...changes].sort((a, b) => a.offset - b.offset);

/** A text and the changes that were applied to it so far. */
export class Draft {
  #text: string;
  #pieces: readonly Piece[];

  constructor(readonly original: string) {
    this.#text = original;
    this.#pieces = [{ start: 0, end: original.length }];
  }

  get text(): string {
    return this.#text;
  }

  /** `changes` refer to the current text and do not overlap. */
  apply(changes: readonly TextChange[]): void {
    const result: Piece[] = [];
    let index = 0;
    let used = 0;
    let position = 0;
    const advance = (until: number, keep: boolean) => {
      while (position < until) {
        const piece = this.#pieces[index];
        const take = Math.min(until - position, lengthOf(piece) - used);
        if (keep) result.push(part(piece, used, used + take));
        position += take;
        used += take;
        if (used === lengthOf(piece)) {
          index++;
          used = 0;
        }
      }
    };
    for (const { offset, length, text } of inOrder(changes)) {
      advance(offset, true);
      result.push({ text });
      advance(offset + length, false);
    }
    advance(this.#text.length, true);
    this.#text = applyChanges(this.#text, changes);
    this.#pieces = result.filter((piece) => lengthOf(piece) > 0);
  }

  /** Relative to the original text: in order, separate, and each with an effect. */
  changes(): TextChange[] {
    const changes: TextChange[] = [];
    let position = 0;
    let added = '';
    const close = (until: number) => {
      if (this.original.slice(position, until) !== added)
        changes.push({ offset: position, length: until - position, text: added });
      added = '';
    };
    for (const piece of this.#pieces) {
      if ('text' in piece) added += piece.text;
      else {
        close(piece.start);
        position = piece.end;
      }
    }
    close(this.original.length);
    return changes;
  }
}

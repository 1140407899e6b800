/**
 * Pictures of a network, made where its layout is known: the graph editor answers the host with them, and the command line
 * loads a bundle of its own for them.
 */
import { count, fields, flag, oneOf, type Read } from '../schema/reader.ts';

export const pictureFormats = ['svg', 'png', 'mermaid'] as const;

export type PictureFormat = (typeof pictureFormats)[number];

/** A picture of the network as the page shows it. Long ones come in parts, `from` the character at which a part begins. */
export const pictureRequest = fields({
  format: oneOf(...pictureFormats),
  dark: flag,
  statistics: flag,
  from: count,
});

export type PictureRequest = Read<typeof pictureRequest>;

export interface PicturePart {
  /** Text, or a PNG in Base64. */
  readonly content: string;
  /** Where the next part begins; absent in the last. */
  readonly next?: number;
}

/** What `dist/picture.cjs` exports as `pictures`. */
export interface Pictures {
  /** Nothing for a text that cannot be read as a network. */
  draw(
    text: string,
    options: { readonly format: 'svg' | 'mermaid'; readonly dark: boolean },
  ): string | undefined;
}

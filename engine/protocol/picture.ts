/**
 * Pictures of a network, drawn where its layout is known. The graph editor sends them to the host, and the command line loads a
 * separate bundle for them.
 */
import { count, fields, flag, oneOf, type Read } from '../schema/reader.ts';

const pictureFormats = ['svg', 'png', 'mermaid'] as const;

export type PictureFormat = (typeof pictureFormats)[number];

/**
 * A picture of the network as the page shows it. Long pictures are sent in parts; `from` is the character at which a part
 * begins.
 */
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

/** The export `pictures` of `dist/picture.cjs`. */
export interface Pictures {
  /** Undefined for a text that is not a network. */
  draw(
    text: string,
    options: { readonly format: 'svg' | 'mermaid'; readonly dark: boolean },
  ): string | undefined;
}

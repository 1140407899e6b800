/** `netloom picture FILE`: draws a network as SVG or as Mermaid text. Never replaces a file. */
import { pathToFileURL } from 'node:url';
import type { Pictures } from '../protocol/picture.ts';
import { writeNew } from './new.ts';
import type { NetworkText } from './place.ts';
import { complain, print, say } from './terminal.ts';

interface PictureOptions {
  /** The file to write; without one the picture is printed. Mermaid where it ends in .mmd. */
  readonly out: string | undefined;
  readonly dark: boolean;
  /** The bundle that draws pictures. */
  readonly bundle: string;
}

export async function drawNetwork(
  { file, text }: NetworkText,
  { out, dark, bundle }: PictureOptions,
): Promise<number> {
  const { pictures } = (await import(pathToFileURL(bundle).href)) as { readonly pictures: Pictures };
  const format = out?.endsWith('.mmd') ? 'mermaid' : 'svg';
  const picture = pictures.draw(text, { format, dark });
  if (picture === undefined) {
    complain(`netloom: error: ${file} cannot be read as a network. "netloom check" says where and why.`);
    return 1;
  }
  if (out === undefined) {
    print(picture);
    return 0;
  }
  const problem = writeNew(out, picture);
  if (problem !== undefined) {
    complain(`netloom: error: ${problem}`);
    return 1;
  }
  say(`${out}: a picture of ${file}`);
  return 0;
}

/** `netloom picture FILE`: draws a network as SVG or as Mermaid text. Never replaces a file. */
import { pathToFileURL } from 'node:url';
import type { Pictures } from '../protocol/picture.ts';
import { writeNew } from './new.ts';
import type { Given } from './options.ts';
import type { NetworkText } from './place.ts';
import { complain, print, say } from './terminal.ts';

/** With the bundle that draws pictures. The file to write is Mermaid where it ends in .mmd. */
type PictureOptions = Given<'newFile' | 'dark'> & { readonly bundle: string };

export async function drawNetwork(
  { file, text }: NetworkText,
  { newFile, dark = false, bundle }: PictureOptions,
): Promise<number> {
  const { pictures } = (await import(pathToFileURL(bundle).href)) as { readonly pictures: Pictures };
  const format = newFile?.endsWith('.mmd') ? 'mermaid' : 'svg';
  const picture = pictures.draw(text, { format, dark });
  if (picture === undefined) {
    complain(`netloom: error: ${file} cannot be read as a network. "netloom check" says where and why.`);
    return 1;
  }
  if (newFile === undefined) {
    print(picture);
    return 0;
  }
  const problem = writeNew(newFile, picture);
  if (problem !== undefined) {
    complain(`netloom: error: ${problem}`);
    return 1;
  }
  say(`${newFile}: a picture of ${file}`);
  return 0;
}

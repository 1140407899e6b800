/** `netloom picture FILE`: draws a network as SVG or as Mermaid text. Never replaces a file. */
import { extname } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Pictures } from '../protocol/picture.ts';
import { writeNew } from './new.ts';
import { type Given, UsageError } from './options.ts';
import type { NetworkText } from './place.ts';
import { complain, print, say } from './terminal.ts';

/** The formats by the ends of their names. */
const formats = { '.svg': 'svg', '.mmd': 'mermaid' } as const;

/** With the bundle that draws pictures. */
type PictureOptions = Given<'newFile' | 'dark'> & { readonly bundle: string };

export async function drawNetwork(
  { file, text }: NetworkText,
  { newFile, dark = false, bundle }: PictureOptions,
): Promise<number> {
  const format = newFile === undefined ? 'svg' : formatOf(newFile);
  const { pictures } = (await import(pathToFileURL(bundle).href)) as { readonly pictures: Pictures };
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

function formatOf(name: string): (typeof formats)[keyof typeof formats] {
  const end = extname(name).toLowerCase();
  const [found] = Object.entries(formats).flatMap(([one, format]) => (one === end ? [format] : []));
  if (found) return found;
  throw new UsageError(
    `--out expects a name that ends in ${Object.keys(formats).join(' or ')}, found "${name}"`,
  );
}

/** Folder names for networks and runs: safe on every file system, readable, and never the same for two names. */
import { createHash } from 'node:crypto';

const suffix = '.nn.json';

/** "lenet" for "lenet.nn.json"; any other file keeps its extension, so that two files never share a name. */
export const networkNameOf = (file: string): string =>
  file.endsWith(suffix) ? file.slice(0, -suffix.length) : file;

/** Letters, digits and a few signs without a meaning for file systems and shells; spaces inside only. */
const plain = /^[\p{L}\p{N}_][\p{L}\p{M}\p{N} ._()+-]*$/u;
/** Windows reserves these, with any extension. */
const device = /^(?:con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(?:\.|$)/i;
/** File systems allow 255 bytes; Windows allows 260 characters for the whole path. */
const longestName = 100;
const longestSlug = 40;

/**
 * The name itself if every file system allows it, otherwise its readable part, "~", and a hash of the whole name. A plain name
 * contains no "~", so the two never collide. Plain names contain only composed letters, because some file systems treat
 * composed and decomposed letters as equal.
 */
export function folderNameOf(name: string): string {
  const isSafe =
    plain.test(name) &&
    !/[ .]$/.test(name) &&
    !device.test(name) &&
    name === name.normalize('NFC') &&
    Buffer.byteLength(name) <= longestName;
  if (isSafe) return name;
  const readable = name
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}_-]+/gu, '_')
    .replaceAll(/^[_-]+|_+$/g, '');
  let slug = '';
  for (const letter of readable) {
    if (Buffer.byteLength(slug + letter) > longestSlug) break;
    slug += letter;
  }
  // UTF-16, because UTF-8 writes all lone surrogates alike.
  const hash = createHash('sha256').update(Buffer.from(name, 'utf16le')).digest('hex').slice(0, 16);
  return `${slug || 'network'}~${hash}`;
}

const idPattern = /^(\d{4}-\d\d-\d\d)T(\d\d)-(\d\d)-(\d\d\.\d{3})Z$/;

/** Ids sort by time as text: "2026-03-14T09-26-53.589Z". */
export const runIdAt = (milliseconds: number): string =>
  new Date(milliseconds).toISOString().replaceAll(':', '-');

/** Milliseconds since 1970, or nothing for a name that is not the id of a run. */
export function timeOfRunId(id: string): number | undefined {
  const found = idPattern.exec(id);
  if (!found) return undefined;
  const time = Date.parse(`${found[1]}T${found[2]}:${found[3]}:${found[4]}Z`);
  return Number.isNaN(time) ? undefined : time;
}

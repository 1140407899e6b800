/** Reads the files a spec names, relative to the spec's folder; gzip is unpacked. */
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { type DataContext, DataError } from './define.ts';

/** Against a file that would fill the memory, packed or not. */
const largestFile = 2 ** 30;
/** Characters of a source that a message shows. */
const longestSource = 600;

export interface FileContext extends DataContext {
  /** SHA-256 of each file read so far, unpacked, by the attribute that names it. */
  readonly files: { readonly [attribute: string]: string };
}

/** A context whose paths are relative to `folder`. Paths may lead up (../data) or be absolute: data often lives beside projects. */
export function fileContext(folder: string, context: Omit<DataContext, 'readFile'>): FileContext {
  const files: { [attribute: string]: string } = {};
  return {
    ...context,
    files,
    async readFile(path, attribute) {
      const bytes = await read(folder, path, attribute, context.source ?? '');
      files[attribute] = createHash('sha256').update(bytes).digest('hex');
      return bytes;
    },
  };
}

async function read(folder: string, path: string, attribute: string, source: string): Promise<Uint8Array> {
  refuseUnsafe(path, attribute);
  const full = resolve(folder, path);
  refuseUnsafe(full, attribute);
  await checkFile(full, attribute, source);
  let bytes: Uint8Array;
  try {
    bytes = await readFile(full);
  } catch (error) {
    throw unreadable(full, error, attribute);
  }
  return isGzip(bytes) ? unpack(bytes, full, attribute) : bytes;
}

/** Before the first touch of the file system: asking Windows about \\host\… would sign in to that host. */
function refuseUnsafe(path: string, attribute: string): void {
  if (path.trim() === '')
    throw new DataError(
      'data/path',
      l10n.t('"{0}" is empty. Give the path of a file, relative to the network\'s folder.', attribute),
      attribute,
    );
  if (path.includes('\0'))
    throw new DataError(
      'data/path',
      l10n.t('"{0}" contains a NUL character, which no path can.', attribute),
      attribute,
    );
  if (/^[\\/]{2}/.test(path) || /^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    throw new DataError(
      'data/path',
      l10n.t(
        '"{0}" is {1}, which is on another machine or a URL. Copy the file to this machine and give its path.',
        attribute,
        path,
      ),
      attribute,
    );
}

async function checkFile(full: string, attribute: string, source: string): Promise<void> {
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(full);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unreadable(full, error, attribute);
    const other = full.endsWith('.gz') ? full.slice(0, -3) : `${full}.gz`;
    const advice = (await exists(other))
      ? l10n.t('There is {0}: change "{1}" to that name.', other, attribute)
      : l10n.t(
          'Put the file there, or change "{0}"; paths are relative to the folder of the network.',
          attribute,
        );
    const from = source.replace(/\s+/g, ' ').trim().slice(0, longestSource);
    const origin = from === '' ? '' : ` ${l10n.t('The network says where it comes from: {0}', from)}`;
    throw new DataError('data/missing', l10n.t('no file {0}. {1}{2}', full, advice, origin), attribute);
  }
  if (found.isDirectory())
    throw new DataError(
      'data/directory',
      l10n.t('{0} is a folder. Give the path of a file in "{1}".', full, attribute),
      attribute,
    );
  if (!found.isFile())
    throw new DataError(
      'data/not-a-file',
      l10n.t('{0} is a device or a pipe. Give the path of a plain file in "{1}".', full, attribute),
      attribute,
    );
  if (found.size > largestFile) throw tooLarge(full, attribute);
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

const isGzip = (bytes: Uint8Array): boolean => bytes.length > 1 && bytes[0] === 0x1f && bytes[1] === 0x8b;

async function unpack(bytes: Uint8Array, full: string, attribute: string): Promise<Uint8Array> {
  try {
    return await promisify(gunzip)(bytes, { maxOutputLength: largestFile });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(full, attribute);
    throw new DataError(
      'data/gzip',
      l10n.t('{0} is a damaged or cut-off gzip file ({1}). Fetch it again.', full, (error as Error).message),
      attribute,
    );
  }
}

function tooLarge(full: string, attribute: string): DataError {
  return new DataError(
    'data/too-large',
    l10n.t('{0} holds more than {1} MiB, the most that is read. Split it.', full, largestFile / 2 ** 20),
    attribute,
  );
}

function unreadable(full: string, error: unknown, attribute: string): DataError {
  return new DataError(
    'data/unreadable',
    l10n.t(
      '{0} cannot be read ({1}). Check its permissions.',
      full,
      (error as NodeJS.ErrnoException).code ?? String(error),
    ),
    attribute,
  );
}

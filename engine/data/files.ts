/** Reads the files that a spec names, relative to the spec's folder, piece by piece; gzip is unpacked. */

import { createHash } from 'node:crypto';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { createGunzip } from 'node:zlib';
import * as l10n from '@vscode/l10n';
import { ProblemError } from '../schema/problem.ts';
import { type DataContext, dataError } from './define.ts';
import { refuseTooLarge } from './memory.ts';

/** Protects against a file that would fill the memory, packed or not. */
const largestFile = 2 ** 30;
/** Bytes of a piece. */
const pieceBytes = 2 ** 20;
/** No data file unpacks to this many times its size, once that exceeds this many bytes. */
const largestRatio = 100;
const harmlessBytes = 2 ** 24;
/** Characters of a source that a message shows. */
const longestSource = 600;

export interface FileContext extends DataContext {
  /** SHA-256 of each file read so far, unpacked, by the attribute that names it. */
  readonly files: { readonly [attribute: string]: string };
}

/** A context whose paths are relative to `folder`. Paths may lead up (../data) or be absolute: data often lives beside projects. */
export function fileContext(
  folder: string,
  context: Omit<DataContext, 'readFile' | 'readPieces'>,
): FileContext {
  const files: { [attribute: string]: string } = {};
  async function* readPieces(path: string, attribute: string): AsyncGenerator<Uint8Array, void> {
    const hash = createHash('sha256');
    for await (const piece of pieces(folder, path, attribute, context.source ?? '')) {
      hash.update(piece);
      yield piece;
    }
    files[attribute] = hash.digest('hex');
  }
  return {
    ...context,
    files,
    readPieces,
    readFile: (path, attribute) => whole(readPieces(path, attribute), path, attribute, context.memoryLimit),
  };
}

/** All bytes of a file. Bytes over the limit are counted, but not kept. */
async function whole(
  from: AsyncIterable<Uint8Array>,
  path: string,
  attribute: string,
  memoryLimit: number,
): Promise<Uint8Array> {
  let kept: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of from) {
    bytes += piece.length;
    // Once as pieces, and once as one.
    if (2 * bytes > memoryLimit) kept = [];
    else kept.push(piece);
  }
  refuseTooLarge(memoryLimit, attribute, [{ name: path, bytes: 2 * bytes }]);
  if (kept.length === 1) return kept[0];
  const result = new Uint8Array(bytes);
  let at = 0;
  for (const piece of kept) {
    result.set(piece, at);
    at += piece.length;
  }
  return result;
}

async function* pieces(
  folder: string,
  path: string,
  attribute: string,
  source: string,
): AsyncGenerator<Uint8Array, void> {
  refuseUnsafe(path, attribute);
  const full = resolve(folder, path);
  refuseUnsafe(full, attribute);
  await checkFile(path, full, attribute, source);
  let file: FileHandle;
  let packed: boolean;
  try {
    file = await open(full);
  } catch (error) {
    throw unreadable(full, error, attribute);
  }
  try {
    const { bytesRead, buffer } = await file.read(new Uint8Array(2), 0, 2, 0);
    packed = bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
    let bytes = 0;
    for await (const piece of packed ? unpacked(file, full, attribute) : plain(file)) {
      bytes += piece.length;
      if (bytes > largestFile) throw tooLarge(full, attribute);
      yield piece;
    }
  } catch (error) {
    throw error instanceof ProblemError ? error : unreadable(full, error, attribute);
  } finally {
    await file.close();
  }
}

const plain = (file: FileHandle): AsyncIterable<Uint8Array> =>
  file.createReadStream({ start: 0, autoClose: false, highWaterMark: pieceBytes });

async function* unpacked(
  file: FileHandle,
  full: string,
  attribute: string,
): AsyncGenerator<Uint8Array, void> {
  const source = file.createReadStream({ start: 0, autoClose: false, highWaterMark: pieceBytes });
  const gunzip = createGunzip({ chunkSize: pieceBytes });
  let failure: Error | undefined;
  source.on('error', (error) => {
    failure = error;
    gunzip.destroy();
  });
  let bytes = 0;
  try {
    for await (const piece of source.pipe(gunzip) as AsyncIterable<Uint8Array>) {
      bytes += piece.length;
      if (bytes > harmlessBytes && bytes > largestRatio * source.bytesRead)
        throw dataError(
          'data/gzip',
          l10n.t(
            '{0} unpacks to more than {1} times its size, which suggests a malicious file. Check where it comes from; if you trust it, unpack it yourself.',
            full,
            largestRatio,
          ),
          attribute,
        );
      yield piece;
    }
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    if (failure) throw failure;
    throw dataError(
      'data/gzip',
      l10n.t(
        '{0} is a damaged or cut-off gzip file ({1}). Download it again.',
        full,
        (error as Error).message,
      ),
      attribute,
    );
  } finally {
    source.destroy();
  }
}

/** Checked before any access to the file system: asking Windows about \\host\… would sign in to that host. */
function refuseUnsafe(path: string, attribute: string): void {
  if (path.trim() === '')
    throw dataError(
      'data/path',
      l10n.t('"{0}" is empty. Give the path of a file, relative to the network\'s folder.', attribute),
      attribute,
    );
  if (path.includes('\0'))
    throw dataError(
      'data/path',
      l10n.t('"{0}" contains a NUL character, which no path can.', attribute),
      attribute,
    );
  if (/^[\\/]{2}/.test(path) || /^[a-z][a-z0-9+.-]+:\/\//i.test(path))
    throw dataError(
      'data/path',
      l10n.t(
        '"{0}" is {1}, which is on another machine or a URL. Copy the file to this machine and give its path.',
        attribute,
        path,
      ),
      attribute,
    );
}

async function checkFile(path: string, full: string, attribute: string, source: string): Promise<void> {
  let found: Awaited<ReturnType<typeof stat>>;
  try {
    found = await stat(full);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'ENOTDIR') throw unreadable(full, error, attribute);
    const packedOrNot = (one: string) => (one.endsWith('.gz') ? one.slice(0, -3) : `${one}.gz`);
    const other = packedOrNot(full);
    const isThere = await exists(other);
    const advice = isThere
      ? l10n.t('There is {0}: change "{1}" to that name.', other, attribute)
      : l10n.t(
          'Put the file there, or change "{0}"; paths are relative to the folder of the network.',
          attribute,
        );
    const from = source.replace(/\s+/g, ' ').trim().slice(0, longestSource);
    const origin = from === '' ? '' : ` ${l10n.t('The network names its source: {0}', from)}`;
    throw dataError(
      'data/missing',
      l10n.t('no file {0}. {1}{2}', full, advice, origin),
      attribute,
      isThere ? { setting: { attribute, value: packedOrNot(path) } } : {},
    );
  }
  if (found.isDirectory())
    throw dataError(
      'data/directory',
      l10n.t('{0} is a folder. Give the path of a file in "{1}".', full, attribute),
      attribute,
    );
  if (!found.isFile())
    throw dataError(
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

function tooLarge(full: string, attribute: string): ProblemError {
  return dataError(
    'data/too-large',
    l10n.t('{0} holds more than {1} MiB, the most that is read. Split it.', full, largestFile / 2 ** 20),
    attribute,
  );
}

function unreadable(full: string, error: unknown, attribute: string): ProblemError {
  return dataError(
    'data/unreadable',
    l10n.t(
      '{0} cannot be read ({1}). Check its permissions.',
      full,
      (error as NodeJS.ErrnoException).code ?? String(error),
    ),
    attribute,
  );
}

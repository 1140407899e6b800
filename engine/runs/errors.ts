/** Errors about the files of a run: which path, what is wrong with it, and what to do. */

import * as l10n from '@vscode/l10n';
import { ProblemError } from '../schema/problem.ts';
import { codeOf } from './fs.ts';

/** A link in a path that we read or write could lead to any file of the person. */
export const linkError = (path: string): ProblemError =>
  new ProblemError(
    'run/link',
    l10n.t(
      '{0} is a link. Runs are kept in real folders and files only, so that nothing outside is overwritten. Delete the link, or move what it points to here.',
      path,
    ),
    [],
  );

export const notFolderError = (path: string): ProblemError =>
  new ProblemError(
    'run/not-a-folder',
    l10n.t('{0} is expected to be a folder, but it is something else. Rename or delete it.', path),
    [],
  );

export const notFileError = (path: string): ProblemError =>
  new ProblemError(
    'run/not-a-file',
    l10n.t('{0} is expected to be a file, but it is something else. Rename or delete it.', path),
    [],
  );

export const inUseError = (folder: string, process: number): ProblemError =>
  new ProblemError(
    'run/in-use',
    l10n.t(
      'another run is writing to {0} (process {1}). Wait for it to end, stop it, or use another folder.',
      folder,
      process,
    ),
    [],
  );

const remedies: { readonly [code: string]: (path: string) => string } = {
  ENOSPC: (path) => l10n.t('the disk is full ({0}). Free some space.', path),
  EDQUOT: (path) => l10n.t('your quota on the disk is used up ({0}). Free some space.', path),
  EFBIG: (path) =>
    l10n.t(
      '{0} would be larger than the largest file allowed here. Raise the limit, or use another folder.',
      path,
    ),
  EACCES: (path) =>
    l10n.t(
      'you do not have permission to write to {0}. Change its permissions, or copy the network to another folder.',
      path,
    ),
  EPERM: (path) =>
    l10n.t(
      'you do not have permission to write to {0}. Change its permissions, or copy the network to another folder.',
      path,
    ),
  EROFS: (path) =>
    l10n.t('{0} is on a read-only disk. Copy the network to a folder that can be written to.', path),
  EEXIST: (path) => l10n.t('{0} is in the way. Rename or delete it.', path),
  EISDIR: (path) => l10n.t('{0} is a folder where a file is expected. Rename or delete it.', path),
  ENOTDIR: (path) => l10n.t('a file is in the way of the folder of {0}. Rename or delete it.', path),
  EBUSY: (path) => l10n.t('another program is using {0}. Close that program.', path),
  ENOENT: (path) =>
    l10n.t('the folder of {0} is gone. It will be created again; do not delete it during a run.', path),
  ENAMETOOLONG: (path) =>
    l10n.t('the path {0} is too long. Move the network to a folder with a shorter path.', path),
  EMFILE: (path) =>
    l10n.t('too many files are open to open {0}. Close other programs, or raise the limit.', path),
  ENFILE: (path) =>
    l10n.t('too many files are open to open {0}. Close other programs, or raise the limit.', path),
  EIO: (path) => l10n.t('the disk reports an error at {0}. Check the disk, or use another folder.', path),
};

/** A message for people, without a stack; `path` is the file that was written or read. */
export function explain(error: unknown, path: string): string {
  if (error instanceof ProblemError) return error.message;
  const code = codeOf(error) ?? '';
  if (Object.hasOwn(remedies, code)) return remedies[code](path);
  const reason = code || (error instanceof Error ? error.message.split('\n', 1)[0] : String(error));
  return l10n.t('{0} cannot be written ({1}). Use another folder.', path, reason);
}

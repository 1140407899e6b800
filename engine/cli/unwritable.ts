/** What to say if a file that a person named cannot be written. Advice for files of a run is in `runs/errors.ts`. */
import { dirname, resolve } from 'node:path';
import { explain } from '../runs/errors.ts';
import { codeOf } from '../runs/fs.ts';

const folderOf = (file: string): string => dirname(resolve(file));

const remedies: { readonly [code: string]: (file: string) => string } = {
  EEXIST: (file) => `${file} exists already. Choose another name, or remove it first.`,
  ENOENT: (file) => `there is no folder ${folderOf(file)}. Make it first, or choose another one.`,
  EROFS: (file) => `${file} is on a read-only disk. Choose a folder that can be written to.`,
  // Files are made new, and replaced as a whole, so the permissions of the folder decide.
  EACCES: (file) =>
    `you may not write to ${folderOf(file)}. Choose another folder, or change its permissions.`,
  EPERM: (file) => `you may not write to ${file}. Choose another folder, or change its permissions.`,
};

export function unwritable(error: unknown, file: string): string {
  const code = codeOf(error) ?? '';
  return Object.hasOwn(remedies, code) ? remedies[code](file) : explain(error, file);
}

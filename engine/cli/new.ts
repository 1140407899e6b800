/** `netloom new FILE`: writes a network to start from. Never replaces a file. */
import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { explain } from '../runs/errors.ts';
import { codeOf } from '../runs/fs.ts';
import { templates } from '../templates/registry.ts';

export const templateNames = templates.map(({ type }) => type);

/** What to do if a new file cannot be written, if that differs from the advice for files of a run. */
const remedies: { readonly [code: string]: (file: string) => string } = {
  EEXIST: (file) => `${file} exists already. Choose another name, or remove it first.`,
  ENOENT: (file) => `there is no folder ${dirname(resolve(file))}. Make it first, or choose another one.`,
  EROFS: (file) => `${file} is on a read-only disk. Choose a folder that can be written to.`,
  EACCES: (file) => `you may not write to ${file}. Choose another folder, or change its permissions.`,
  EPERM: (file) => `you may not write to ${file}. Choose another folder, or change its permissions.`,
};

/** Writes a new file; returns a message if something prevents that. */
export function writeNew(file: string, text: string): string | undefined {
  try {
    writeFileSync(file, text, { flag: 'wx' });
    return undefined;
  } catch (error) {
    const code = codeOf(error) ?? '';
    return Object.hasOwn(remedies, code) ? remedies[code](file) : explain(error, file);
  }
}

/** Writes the template of this name; returns the problem, if there is one. */
export const writeTemplate = (file: string, name: string): string | undefined =>
  writeNew(file, templates.find(({ type }) => type === name)!.text);

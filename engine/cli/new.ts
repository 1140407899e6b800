/** `netloom new FILE`: writes a network to start from. Never replaces a file. */
import { closeSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { templates } from '../templates/registry.ts';
import { unwritable } from './unwritable.ts';

export const templateNames = templates.map(({ type }) => type);

/** Writes a new file, completely or not at all; returns a message if something prevents that. */
export function writeNew(file: string, text: string): string | undefined {
  try {
    const opened = openSync(file, 'wx');
    try {
      writeFileSync(opened, text);
    } catch (error) {
      rmSync(file, { force: true });
      throw error;
    } finally {
      closeSync(opened);
    }
    return undefined;
  } catch (error) {
    return unwritable(error, file);
  }
}

/** Writes the template of this name; returns the problem, if there is one. */
export const writeTemplate = (file: string, name: string): string | undefined =>
  writeNew(file, templates.find(({ type }) => type === name)!.text);

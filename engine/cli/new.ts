/** `netloom new FILE`: writes a network to start from. Never replaces a file. */
import { writeFileSync } from 'node:fs';
import { templates } from '../templates/registry.ts';

export const templateNames = templates.map(({ type }) => type);

/** Writes the template of this name. Throws an error whose message is for people. */
export function writeTemplate(file: string, name: string): void {
  const template = templates.find(({ type }) => type === name);
  if (!template)
    throw new Error(`there is no template "${name}". Choose one of ${templateNames.join(', ')}.`);
  try {
    writeFileSync(file, template.text, { flag: 'wx' });
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'EEXIST'
      ? new Error(`${file} exists already. Choose another name, or remove it first.`)
      : error;
  }
}

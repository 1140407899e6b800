/** Names in commands that people copy. Whatever a name contains, the shell reads it as one word and runs nothing. */
import { oneLine } from '../schema/plainText.ts';

/**
 * `name` as one word of the shells of a platform. Undefined if there is none: a terminal shows other characters, or cmd and
 * PowerShell read them differently.
 */
export function shellWord(name: string, platform: string = process.platform): string | undefined {
  if (name === '' || oneLine(name, name.length) !== name) return undefined;
  if (platform !== 'win32') return /^[\w./:@%+-]+$/.test(name) ? name : `'${name.replaceAll("'", `'\\''`)}'`;
  if (/^[\w.:/\\+-]+$/.test(name)) return name;
  // Within double quotes, cmd expands what is between % or !, and PowerShell $ and `. It takes curly quotes for straight ones.
  return /["$`%!“”„]/.test(name) || name.endsWith('\\') ? undefined : `"${name}"`;
}

/** A file as an operand: one that begins with a dash would be taken for an option. */
export const shellFile = (file: string, platform?: string): string | undefined =>
  shellWord(file.startsWith('-') ? `./${file}` : file, platform);

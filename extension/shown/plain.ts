/** Text as VS Code shows it literally: nothing in it becomes a link, an icon or Markdown. Knows nothing of VS Code's API. */
import { oneLine } from '../../engine/schema/plainText.ts';

/** Characters of a whole message; VS Code cuts its own notifications at twice as many. */
export const longestMessage = 500;

/**
 * Notifications and progress turn `[text](command:…)` into a link that runs a command, and labels turn `$(name)` into
 * an icon. A space between the two characters keeps the text readable, and VS Code does not recognize the pattern.
 */
export function plain(text: string, length = longestMessage): string {
  return oneLine(text, length).replaceAll('](', '] (').replaceAll('$(', '$ (');
}

/** The same as Markdown: as code, in which nothing is interpreted, not even a web address. */
export function code(text: string, length = longestMessage): string {
  const shown = plain(text, length).trim();
  if (shown === '') return '';
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${shown}${padding}${fence}`;
}

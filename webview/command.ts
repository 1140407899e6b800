/** What the command line and the extension host load to draw without a page: `dist/picture.cjs`. */
export { pictures } from './picture/command.ts';
export { replays } from './replay/page.ts';

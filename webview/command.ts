/** The entry of `dist/picture.cjs`, with which the command line and the extension host draw without a page. */
export { pictures } from './picture/command.ts';
export { replays } from './replay/page.ts';

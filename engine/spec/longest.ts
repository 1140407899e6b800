/** How long the text of a network may be. */

/** In characters. A spec of 10,000 layers is about 1 MiB and has about 400,000 tokens, including blanks and line ends. */
export const maximumTextLength = 8 * 1024 * 1024;

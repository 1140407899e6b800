/** The syntax of VS Code's snippets: text with places that the cursor visits in turn. */

/** Literal text. */
export const literal = (text: string): string => text.replace(/[\\$}]/g, '\\$&');

const inChoice = (text: string): string => text.replace(/[\\,|$}]/g, '\\$&');

/** Counts the places of one snippet. */
export class Snippet {
  #stops = 0;

  /** A place with text in it, which is selected when the cursor comes. */
  stop(text = ''): string {
    const number = ++this.#stops;
    return text === '' ? `$${number}` : `\${${number}:${literal(text)}}`;
  }

  inQuotes(): string {
    return `"${this.stop()}"`;
  }

  choice(options: readonly string[]): string {
    return `\${${++this.#stops}|${options.map(inChoice).join(',')}|}`;
  }
}

/** True and false, the one that is more likely meant first. */
export const choiceOf = (first: boolean): readonly string[] => [`${first}`, `${!first}`];

/** The syntax of VS Code's snippets: text with placeholders that the cursor visits in turn. */

/** Literal text. */
export const literal = (text: string): string => text.replace(/[\\$}]/g, '\\$&');

const inChoice = (text: string): string => text.replace(/[\\,|$}]/g, '\\$&');

/** Counts the placeholders of one snippet. */
export class Snippet {
  #stops = 0;

  /** A placeholder with text, which is selected when the cursor arrives. */
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

/** True and false, with the more likely one first. */
export const choiceOf = (first: boolean): readonly string[] => [`${first}`, `${!first}`];

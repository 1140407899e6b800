/** The help of the command line, of all commands or of one. */
import { type OptionName, options } from './options.ts';

/** What the help shows about a command. */
export interface Described {
  /** What follows its name, e.g. FILE. */
  readonly operand: string;
  /** An imperative without a full stop. */
  readonly help: string;
  readonly takes: readonly OptionName[];
}

/** The longest line. */
const width = 100;

export function helpOfAll(commands: { readonly [name: string]: Described }): string {
  const rows = Object.entries(commands).map(
    ([name, { operand, help }]) => [`${name} ${operand}`, help] as const,
  );
  return `Usage: netloom COMMAND FILE [options]

Commands
${table(rows)}

"netloom COMMAND --help" lists the options of a command.
Ctrl+C stops a run and saves its weights; pressed again, it ends the command at once.
`;
}

export const helpOf = (name: string, { operand, help, takes }: Described): string =>
  `Usage: netloom ${name} ${operand} [options]

${wrapped(`${help[0].toUpperCase()}${help.slice(1)}.`, width)}

Options
${table([...takes.map(optionRow), ['-h, --help', 'print this text']])}
`;

const optionRow = (name: OptionName): readonly [string, string] => {
  const option = options[name];
  const short = 'short' in option ? `-${option.short}, ` : '';
  const value = 'value' in option ? ` ${option.value}` : '';
  return [`${short}--${option.flag}${value}`, option.help];
};

/** Two columns. */
function table(rows: readonly (readonly [string, string])[]): string {
  const first = 2 + Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows
    .map(
      ([label, text]) =>
        `  ${label}`.padEnd(first) + wrapped(text, width - first).replaceAll('\n', `\n${' '.repeat(first)}`),
    )
    .join('\n');
}

/** Breaks lines between words. */
function wrapped(text: string, longest: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    const line = lines[lines.length - 1];
    if (line !== '' && line.length + 1 + word.length > longest) lines.push(word);
    else lines[lines.length - 1] = line === '' ? word : `${line} ${word}`;
  }
  return lines.join('\n');
}

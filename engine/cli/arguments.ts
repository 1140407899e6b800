/** Reads the arguments of the command line. Every mistake is a UsageError that says what was expected. */
import { parseArgs } from 'node:util';
import { nearest } from '../schema/nearest.ts';
import { type Given, type OptionName, options, UsageError } from './options.ts';

/** What parseArgs must know of every option. It reads all options of all commands, because the command may follow them. */
const known = Object.fromEntries([
  ['help', { type: 'boolean', short: 'h', multiple: false } as const],
  ...Object.values(options).map(({ flag, ...option }) => {
    const type = 'value' in option ? ('string' as const) : ('boolean' as const);
    const short = 'short' in option ? { short: option.short } : {};
    return [flag, { type, multiple: 'many' in option, ...short }] as const;
  }),
]);

export interface Arguments {
  /** The command's name, its file, and what is too much. */
  readonly words: readonly string[];
  readonly wantsHelp: boolean;
  /** The values of the options that the command takes. */
  readonly optionsOf: <N extends OptionName>(command: string, takes: readonly N[]) => Given<N>;
}

export function readArguments(typed: readonly string[]): Arguments {
  const { tokens, positionals, values } = parseArgs({
    args: joined(typed),
    allowPositionals: true,
    options: known,
    strict: false,
    tokens: true,
  });
  const given = tokens.filter((token) => token.kind === 'option');
  for (const { name, rawName, value } of given) {
    if (!Object.hasOwn(known, name))
      throw new UsageError(unknown('option', rawName, Object.keys(known).map(dashed)));
    if (known[name].type === 'boolean' && value !== undefined)
      throw new UsageError(`${rawName} takes no value, found "${value}"`);
  }
  const optionsOf = <N extends OptionName>(command: string, takes: readonly N[]): Given<N> => {
    const flags = takes.map((name) => options[name].flag);
    const other = given.find(({ name }) => name !== 'help' && !flags.includes(name));
    if (other)
      throw new UsageError(
        `"${command}" takes no option ${other.rawName}. Its options are ${flags.map(dashed).join(', ')}.`,
      );
    for (const { name, rawName, value } of given) {
      const option = takes.map((one) => options[one]).find(({ flag }) => flag === name);
      if (option && 'value' in option && value === undefined)
        throw new UsageError(`${rawName} expects ${option.expected}, found nothing`);
    }
    return Object.fromEntries(
      takes
        .filter((name) => values[options[name].flag] !== undefined)
        .map((name) => [name, options[name].read(values[options[name].flag] as never)]),
    ) as Given<N>;
  };
  return { words: positionals, wantsHelp: values.help === true, optionsOf };
}

const dashed = (flag: string): string => `--${flag}`;

/** "unknown command "trian". Did you mean "train"?" */
export function unknown(what: string, typed: string, names: readonly string[]): string {
  const near = nearest(typed, names);
  return `unknown ${what} "${typed}"${near === undefined ? '' : `. Did you mean "${near}"?`}`;
}

/** A negative number after an option is its value, although it begins like an option. */
function joined(words: readonly string[]): string[] {
  const result: string[] = [];
  for (const word of words) {
    const last = result.at(-1);
    const flag = last?.startsWith('--') ? last.slice(2) : '';
    if (/^-[\d.]/.test(word) && Object.hasOwn(known, flag) && known[flag].type === 'string')
      result[result.length - 1] = `${last}=${word}`;
    else result.push(word);
  }
  return result;
}

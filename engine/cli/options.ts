/** The options of the command line: their names, their values, and the reader of the arguments. */
import { parseArgs } from 'node:util';
import { type LimitSettings, readLimits } from '../diagnose/limits.ts';
import { findings } from '../diagnose/registry.ts';
import { preflightChecks } from '../preflight/registry.ts';
import { type WideMode, wideModes } from '../protocol/wideModes.ts';
import { nearest } from '../schema/nearest.ts';
import { numberText } from '../schema/numberText.ts';
import { templateNames } from './new.ts';

/** A mistake in how the command was called. */
export class UsageError extends Error {}

export interface Options {
  readonly json: boolean;
  readonly seed?: number;
  readonly epochs?: number;
  readonly sample?: number;
  readonly threads?: number;
  readonly steps?: number;
  readonly wide?: WideMode;
  readonly out?: string;
  readonly float32: boolean;
  readonly wasm: boolean;
  readonly template: string;
  readonly code: string | undefined;
  readonly layer: string | undefined;
  readonly write: boolean;
  readonly comparisons: boolean;
  readonly dark: boolean;
  readonly run: string | undefined;
  readonly checks?: readonly string[];
  readonly limits?: LimitSettings;
}

export const checkKeys: readonly string[] = preflightChecks.map(({ key }) => key);

const known = {
  json: { type: 'boolean' },
  seed: { type: 'string' },
  epochs: { type: 'string' },
  sample: { type: 'string' },
  threads: { type: 'string' },
  steps: { type: 'string' },
  wide: { type: 'string' },
  out: { type: 'string', short: 'o' },
  dark: { type: 'boolean' },
  run: { type: 'string' },
  float32: { type: 'boolean' },
  backend: { type: 'string' },
  template: { type: 'string' },
  code: { type: 'string' },
  layer: { type: 'string' },
  write: { type: 'boolean' },
  'no-comparisons': { type: 'boolean' },
  check: { type: 'string', multiple: true },
  limit: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

type Name = keyof typeof known;

/** The smallest value of options that take an integer. */
const least = { seed: 0, epochs: 1, sample: 1, threads: 1, steps: 1 };

const integerFrom = (smallest: number): string => numberText(true, { min: smallest });

/** The type of value that an option takes. */
const expected: { readonly [N in Name as (typeof known)[N]['type'] extends 'string' ? N : never]: string } = {
  seed: integerFrom(least.seed),
  epochs: integerFrom(least.epochs),
  sample: integerFrom(least.sample),
  threads: integerFrom(least.threads),
  steps: integerFrom(least.steps),
  wide: `one of ${wideModes.join(', ')}`,
  out: 'a folder or a file',
  run: 'the folder of a run',
  backend: '"reference" or "wasm"',
  template: `one of ${templateNames.join(', ')}`,
  code: 'the code of a finding, e.g. relu/dead',
  layer: 'the name of a layer',
  check: `one of ${checkKeys.join(', ')}`,
  limit: 'CODE/NAME=NUMBER, e.g. relu/dead/error=0.5',
};

/** "unknown command "trian". Did you mean "train"?" */
export function unknown(what: string, typed: string, names: readonly string[]): string {
  const near = nearest(typed, names);
  return `unknown ${what} "${typed}"${near === undefined ? '' : `. Did you mean "${near}"?`}`;
}

/** The arguments after the command's name. Throws UsageError. */
export function readArguments() {
  const given = { args: joined(process.argv.slice(2)), allowPositionals: true } as const;
  const { tokens } = parseArgs({ ...given, options: known, strict: false, tokens: true });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const { name, rawName, value } = token;
    if (!isKnown(name)) throw new UsageError(unknown('option', rawName, Object.keys(known).map(written)));
    if (takesValue(name) && value === undefined)
      throw new UsageError(`${rawName} expects ${expected[name]}, found nothing`);
    if (!takesValue(name) && value !== undefined)
      throw new UsageError(`${rawName} takes no value, found "${value}"`);
  }
  return parseArgs({ ...given, options: known });
}

const written = (name: string): string => `--${name}`;
const isKnown = (name: string): name is Name => Object.hasOwn(known, name);
const takesValue = (name: Name): name is keyof typeof expected => known[name].type === 'string';

/** A negative number after an option is its value, although it begins like an option. */
function joined(words: readonly string[]): string[] {
  const result: string[] = [];
  for (const word of words) {
    const last = result.at(-1);
    const name = last?.startsWith('--') ? last.slice(2) : '';
    if (/^-[\d.]/.test(word) && isKnown(name) && takesValue(name))
      result[result.length - 1] = `${last}=${word}`;
    else result.push(word);
  }
  return result;
}

type Given = ReturnType<typeof readArguments>['values'];

/** Throws UsageError if an option has an invalid value. */
export const readOptions = (values: Given): Options => ({
  json: values.json === true,
  ...wholeNumber('seed', values.seed),
  ...wholeNumber('epochs', values.epochs),
  ...wholeNumber('sample', values.sample),
  ...wholeNumber('threads', values.threads),
  ...wholeNumber('steps', values.steps),
  ...wideOf(values.wide),
  ...(values.out === undefined ? {} : { out: values.out }),
  float32: values.float32 === true,
  wasm: isWasm(values.backend),
  template: values.template ?? templateNames[0],
  code: values.code,
  layer: values.layer,
  write: values.write === true,
  comparisons: values['no-comparisons'] !== true,
  dark: values.dark === true,
  run: values.run,
  ...checksOf(values.check),
  ...limitsFrom(values.limit),
});

function wholeNumber(name: keyof typeof least, value: string | undefined): { [name: string]: number } {
  if (value === undefined) return {};
  const number = Number(value);
  if (!Number.isSafeInteger(number) || number < least[name])
    throw new UsageError(`--${name} expects ${expected[name]}, found "${value}"`);
  return { [name]: number };
}

function wideOf(value: string | undefined): Pick<Options, 'wide'> {
  if (value === undefined) return {};
  const mode = wideModes.find((known) => known === value);
  if (mode === undefined) throw new UsageError(`--wide expects ${expected.wide}, found "${value}"`);
  return { wide: mode };
}

function checksOf(keys: readonly string[] | undefined): Pick<Options, 'checks'> {
  if (keys === undefined) return {};
  const unknown = keys.find((key) => !checkKeys.includes(key));
  if (unknown !== undefined) throw new UsageError(`--check expects ${expected.check}, found "${unknown}"`);
  return { checks: keys };
}

function limitsFrom(given: readonly string[] | undefined): Pick<Options, 'limits'> {
  if (given === undefined) return {};
  const { limits, problems } = readLimits(
    Object.fromEntries(
      given.map((one) => {
        const [key, value = ''] = one.split('=');
        return [key.trim(), value.trim() === '' ? value : Number(value)];
      }),
    ),
    findings,
  );
  if (problems.length > 0) throw new UsageError(`--limit: ${problems.join(' ')}`);
  return { limits };
}

function isWasm(backend: string | undefined): boolean {
  if (backend === undefined || backend === 'reference' || backend === 'wasm') return backend === 'wasm';
  throw new UsageError(`--backend expects ${expected.backend}, found "${backend}"`);
}

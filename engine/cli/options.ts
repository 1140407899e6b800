/** The options of the command line, each with its name, its help and the reader of its value. */
import { type LimitSettings, readLimits } from '../diagnose/limits.ts';
import { findings } from '../diagnose/registry.ts';
import { preflightChecks } from '../preflight/registry.ts';
import { wideModes } from '../protocol/wideModes.ts';
import { numberText } from '../schema/numberText.ts';
import { templateNames } from './new.ts';

/** A mistake in how the command was called. */
export class UsageError extends Error {}

interface Option<T> {
  /** How it is written, without the dashes. */
  readonly flag: string;
  readonly short?: string;
  /** The name of its value in the help. Without one it takes no value. */
  readonly value?: string;
  readonly many?: boolean;
  readonly help: string;
  /** What its value must be, for messages. */
  readonly expected: string;
  /** Gets the list of all values if there may be many, else the only one. Throws UsageError. */
  readonly read: (value: never) => T;
}

const toggle = <T>(flag: string, set: T, help: string): Option<T> => ({
  flag,
  help,
  expected: 'no value',
  read: () => set,
});

const text = (flag: string, value: string, expected: string, help: string): Option<string> => ({
  flag,
  value,
  help,
  expected,
  read: (typed: string) => typed,
});

const oneOf = <const T extends string>(
  flag: string,
  value: string,
  modes: readonly T[],
  help: string,
): Option<T> => {
  const expected = `one of ${modes.join(', ')}`;
  const read = (typed: string) => modes.find((mode) => mode === typed) ?? refuse(flag, expected, typed);
  return { flag, value, help, expected, read };
};

const integer = (flag: string, least: number, help: string): Option<number> => {
  const expected = numberText(true, { min: least });
  const read = (typed: string) => {
    const number = Number(typed);
    return Number.isSafeInteger(number) && number >= least ? number : refuse(flag, expected, typed);
  };
  return { flag, value: 'N', help, expected, read };
};

function refuse(flag: string, expected: string, typed: string): never {
  throw new UsageError(`--${flag} expects ${expected}, found "${typed}"`);
}

const checkKeys: readonly string[] = preflightChecks.map(({ key }) => key);
const oneOfChecks = `one of ${checkKeys.join(', ')}`;

/** A command reads the options that it names. Two may have the same flag if no command names both. */
export const options = {
  template: oneOf(
    'template',
    'NAME',
    templateNames,
    `one of ${templateNames.join(', ')}; default ${templateNames[0]}`,
  ),
  code: text('code', 'CODE', 'the code of a finding, e.g. relu/dead', 'the finding, e.g. relu/dead'),
  layer: text('layer', 'NAME', 'the name of a layer', 'the layer, if several have the same finding'),
  write: toggle('write', true, 'change FILE; default: print the network'),
  comparisons: toggle('no-comparisons', false, 'train it only once'),
  steps: integer(
    'steps',
    1,
    'train each network this many steps; default: 300 or more with "try", 1000 with "repair"',
  ),
  json: toggle('json', true, 'print one event per line'),
  seed: integer('seed', 0, "use this seed instead of the file's"),
  epochs: integer('epochs', 1, "train this many epochs instead of the file's"),
  sample: integer(
    'sample',
    1,
    'log feature maps and attention maps of this sample of the test data; default 1',
  ),
  threads: integer('threads', 1, 'number of threads; default 1, results are the same'),
  wide: oneOf(
    'wide',
    'MODE',
    wideModes,
    '"off": no 256-bit vectors; default "auto": use them if faster, results are the same',
  ),
  newRun: {
    ...text(
      'out',
      'DIR',
      'a folder',
      'folder to write weights and run log to; an earlier run there is replaced once there are new weights; default: a new folder under .netloom/runs/ beside FILE',
    ),
    short: 'o',
  },
  weights: text(
    'run',
    'DIR',
    'the folder of a run',
    'the folder of the run whose weights are scored; default: the newest one of FILE with weights',
  ),
  newFile: { ...text('out', 'NAME', 'a file', 'the file to write; default: print it'), short: 'o' },
  run: text('run', 'DIR', 'the folder of a run', 'the folder of the run; default: the newest one of FILE'),
  dark: toggle('dark', true, 'use a dark background'),
  checks: {
    flag: 'check',
    value: 'KEY',
    many: true,
    help: `run only this check, ${oneOfChecks}; may be given several times`,
    expected: oneOfChecks,
    read: checksFrom,
  },
  limits: {
    flag: 'limit',
    value: 'CODE/NAME=NUMBER',
    many: true,
    help: 'another limit for a finding, e.g. relu/dead/error=0.5; may be given several times',
    expected: 'CODE/NAME=NUMBER, e.g. relu/dead/error=0.5',
    read: limitsFrom,
  },
  backend: oneOf(
    'backend',
    'NAME',
    ['reference', 'wasm'],
    '"reference" (default) or "wasm", which is float32',
  ),
  float32: toggle('float32', true, 'compute in float32 instead of float64'),
} satisfies { readonly [name: string]: Option<unknown> };

/** Only those that were given, so that a network's text decides the others. */
export type Options = { readonly [N in keyof typeof options]?: ReturnType<(typeof options)[N]['read']> };
export type OptionName = keyof Options;
export type Given<N extends OptionName> = Pick<Options, N>;

function checksFrom(keys: readonly string[]): readonly string[] {
  const unknown = keys.find((key) => !checkKeys.includes(key));
  return unknown === undefined ? keys : refuse('check', oneOfChecks, unknown);
}

function limitsFrom(given: readonly string[]): LimitSettings {
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
  return limits;
}

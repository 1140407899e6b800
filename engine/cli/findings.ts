/** What the command line prints about findings: each once for all layers, with its fix, and at the end the commands that apply fixes. */

import type { EventOfKind } from '../protocol/events.ts';
import { firstToFix, type Group, grouped } from '../spec/grouped.ts';
import type { JobOptions } from './job.ts';
import type { NetworkText } from './place.ts';
import { shellFile, shellWord } from './shellWord.ts';
import { say } from './terminal.ts';

type Finding = EventOfKind<'finding'>;

/** The fewest steps of the training of `diagnose` and `fix`: enough for most faults to appear. Its schedule is that of the whole run. */
const shortest = { epochs: 5, steps: 1000 };

/** The last step of that training. */
export const lastStepOf = (stepsPerEpoch: number): number =>
  Math.max(shortest.epochs * stepsPerEpoch, shortest.steps);

/** Prints findings in the format of compilers, at the place of the first layer of each. */
export function complainOf(network: NetworkText, findings: readonly Finding[]): void {
  for (const group of grouped(findings))
    network.complainAt(group.first.severity, findingText(group), group.first.path);
}

const findingText = ({ message, first: { code }, fix }: Group<Finding>): string =>
  fix ? `${message} [${code}] Fix: ${fix.title}.` : `${message} [${code}]`;

/** The findings of a training, and what can be done about them. */
export class FoundInTraining {
  readonly #found = new Map<string, Finding>();
  #plan: EventOfKind<'plan'> | undefined;

  constructor(
    readonly file: string,
    readonly options: Pick<JobOptions, 'seed' | 'limits'> = {},
  ) {}

  plan(plan: EventOfKind<'plan'>): void {
    this.#plan = plan;
  }

  /** A finding that has become an error replaces its warning. */
  add(finding: Finding): void {
    this.#found.set(`${finding.code} ${finding.layer ?? ''}`, finding);
  }

  get all(): readonly Finding[] {
    return [...this.#found.values()];
  }

  /** Prints how many there are, and the commands that fix them. Information is no reason to change anything. */
  sayWhatHelps(): void {
    const groups = grouped(this.all);
    const errors = groups.filter(({ first }) => first.severity === 'error');
    const warnings = groups.filter(({ first }) => first.severity === 'warning');
    const faults = [...errors, ...warnings];
    if (faults.length === 0) return;
    const counts = [amount(errors.length, 'error'), amount(warnings.length, 'warning')].filter(Boolean);
    say(`found ${counts.join(' and ')}`);
    const first = firstToFix(faults);
    if (!first?.fix) return;
    const file = shellFile(this.file) ?? 'FILE';
    say(`  one fix:   netloom fix ${file} ${this.#selecting(first)} --write`);
    say(`  all fixes: netloom repair ${file}`);
  }

  /**
   * Selects a finding in one layer or in all that have it, with the seed of the run and its limits for such findings. One that comes later than the short training of `fix` needs all
   * epochs.
   */
  #selecting({ first: { code, layer }, members }: Group<Finding>): string {
    const { stepsPerEpoch = 0, epochs = 0 } = this.#plan ?? {};
    const { seed, limits = {} } = this.options;
    const last = Math.max(...members.map(({ step }) => step));
    const own = Object.entries(limits).filter(([limit]) => limit.startsWith(`${code}/`));
    return [
      `--code ${code}`,
      ...(layer === undefined || members.length > 1 ? [] : [`--layer ${shellWord(layer) ?? 'LAYER'}`]),
      ...own.map(([limit, value]) => `--limit ${limit}=${value}`),
      ...(seed === undefined ? [] : [`--seed ${seed}`]),
      ...(last > lastStepOf(stepsPerEpoch) ? [`--epochs ${epochs}`] : []),
    ].join(' ');
  }
}

const amount = (count: number, thing: string): string =>
  count === 0 ? '' : `${count} ${thing}${count === 1 ? '' : 's'}`;

/** Plants mistakes in healthy networks, measures which of these mutants are faulty, and compares with what is found in them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding } from '../../../engine/diagnose/define.ts';
import { analyze } from '../../../engine/graph/analyze.ts';
import { Random } from '../../../engine/kernels/random.ts';
import { ProblemError } from '../../../engine/schema/problem.ts';
import { applyChanges, applyEdit } from '../../../engine/spec/edit.ts';
import type { Operator } from './define.ts';
import { operators } from './registry.ts';
import { isFaulty, type Network, originalOf, run, seeds } from './truth.ts';

const root = 'test/fixtures/faults';
const originals = path.join(root, 'originals');
const folders = [
  root,
  originals,
  ...['healthy', 'fifth', 'fourth', 'third', 'second', 'unseen'].map((name) => path.join(root, name)),
];

/**
 * Half of the networks are used to improve the rules; the others only to measure them. `fresh` is the other half of the networks of
 * `originals`, which were written when the rules had already been improved once.
 */
export type Half = 'tuning' | 'heldOut' | 'fresh';

/** Mutants of each operator. */
const perOperator: { readonly [H in Half]: number } = { tuning: 4, heldOut: 2, fresh: 2 };

export interface Row {
  readonly operator: string;
  faulty: number;
  /** Faulty mutants in which a finding names the mistake, and those in which one names at least what it does to the loss. */
  byCause: number;
  found: number;
  /** Those in which such a finding is more than information. */
  foundAsWarning: number;
  /** Mutants that train as well as their originals; those of them that have a warning that fits the operator, and another one. */
  equivalent: number;
  warned: number;
  falseAlarms: number;
  /** Warnings and errors in faulty mutants, and those of them that are right. */
  reported: number;
  right: number;
}

export const baseNetworks = (half: Half): readonly Network[] =>
  folders
    .flatMap((folder) =>
      readdirSync(folder)
        .filter((name) => name.endsWith('.nn.json'))
        .map((name) => ({ name, folder, text: readFileSync(path.join(folder, name), 'utf8') })),
    )
    .filter(({ text }) => text.includes('// expect: healthy'))
    .filter(({ name, folder }) => halfOf(name, folder) === half);

function halfOf(name: string, folder: string): Half {
  if (hash(name) % 2 === 0) return 'tuning';
  return folder === originals ? 'fresh' : 'heldOut';
}

/** The network with the mistake; undefined where the operator does not apply, or where the text would have an error. */
export function mutantOf({ name, folder, text }: Network, operator: Operator): Network | undefined {
  const analysis = analyze(text);
  const mutation = operator.mutate({ analysis });
  if (!mutation) return undefined;
  const edited = mutation.edit ? applyEdit(text, mutation.edit) : { changes: [] };
  if ('problem' in edited) return undefined;
  const mutated = applyChanges(text, edited.changes);
  if (mutation.edit && mutated === text) return undefined;
  if (analyze(mutated).diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  return {
    name: `${operator.name} in ${name}`,
    folder,
    text: mutated,
    ...(mutation.change ? { change: mutation.change } : {}),
  };
}

export async function measureMutants(
  half: Half,
  cache: string,
  report: (line: string) => void,
  chosen: RegExp = /./,
): Promise<readonly Row[]> {
  const bases = baseNetworks(half);
  const rows: Row[] = [];
  for (const operator of operators.filter(({ name }) => chosen.test(name))) {
    const row: Row = {
      operator: operator.name,
      faulty: 0,
      byCause: 0,
      found: 0,
      foundAsWarning: 0,
      equivalent: 0,
      warned: 0,
      falseAlarms: 0,
      reported: 0,
      right: 0,
    };
    let count = 0;
    for (const base of shuffle(bases, hash(operator.name))) {
      if (count >= perOperator[half]) break;
      const mutant = mutantOf(base, operator);
      const original = mutant && (await originalOf(base, cache));
      if (!mutant || !original) continue;
      try {
        const first = await run(mutant, seeds[0]);
        const isFault = operator.planted || (await isFaulty(mutant, first, original, cache));
        judge(mutant, first.found, operator, isFault, row, report);
        count++;
      } catch (error) {
        // Data that the changed network does not fit is refused with an error of its own.
        if (!(error instanceof ProblemError)) throw error;
      }
    }
    rows.push(row);
  }
  return rows;
}

function judge(
  mutant: Network,
  found: readonly Finding[],
  { causes, symptoms }: Operator,
  isFault: boolean,
  row: Row,
  report: (line: string) => void,
): void {
  const codes = new Set(found.map(({ code }) => code));
  const warned = new Set(found.filter(({ severity }) => severity !== 'info').map(({ code }) => code));
  const right: readonly string[] = [...causes, ...symptoms];
  const wrong = [...warned].filter((code) => !right.includes(code));
  const isCause = causes.some((code) => codes.has(code));
  const isFound = isCause || symptoms.some((code) => codes.has(code));
  if (isFault) {
    row.faulty++;
    if (isCause) row.byCause++;
    if (isFound) row.found++;
    if (right.some((code) => warned.has(code))) row.foundAsWarning++;
    row.reported += warned.size;
    row.right += warned.size - wrong.length;
  } else {
    row.equivalent++;
    if (wrong.length > 0) row.falseAlarms++;
    else if (warned.size > 0) row.warned++;
  }
  const verdict = isFault ? (isCause ? 'found' : isFound ? 'symptom' : 'MISSED') : 'equivalent';
  const said = found.map(({ code, severity, layer }) => `${code} (${severity}${layer ? ` ${layer}` : ''})`);
  report(`${verdict}${wrong.length > 0 ? ', WRONG' : ''}: ${mutant.name}: ${said.join(', ') || 'nothing'}`);
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const letter of text) value = Math.imul(value ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  return (value ^ (value >>> 15)) >>> 0;
}

function shuffle<T>(list: readonly T[], seed: number): readonly T[] {
  const random = new Random(seed);
  return list
    .map((one) => ({ one, place: random.uniform() }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

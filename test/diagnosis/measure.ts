/**
 * Measures the diagnosis: trains every network of test/fixtures/faults and every sample of the rules, and compares what
 * is found with what each network declares. Networks are compared with alternatives where `netloom diagnose` does that, and what it prints
 * beside findings counts, too. The fix of each finding is applied, and the network is trained again.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding, FindingDefinition } from '../../engine/diagnose/define.ts';
import { findings } from '../../engine/diagnose/registry.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { ProblemError } from '../../engine/schema/problem.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { TrainingFailure, train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';
import { findWhatHoldsBack } from '../../engine/trials/holdsBack.ts';
import type { CourseSetting } from '../../engine/trials/hosting.ts';
import { repairNetwork } from '../../engine/trials/repair.ts';

const folder = 'test/fixtures/faults';

interface Case {
  readonly name: string;
  readonly folder: string;
  readonly text: string;
  /** Findings of which at least one must be reported; empty for a healthy network. */
  readonly expected: readonly string[];
  /** Other findings that are true for it; undefined if nobody has judged that. */
  readonly also: readonly string[] | undefined;
}

export interface Row {
  readonly code: string;
  found: number;
  missed: string[];
  /** Networks in which it is reported as a warning or an error, but is not true. */
  falseAlarms: string[];
  fixes: number;
  cleared: number;
  /** Sick networks with something to learn on which a repair was tried, and those in which it left an error. */
  repairs: number;
  unrepaired: string[];
}

export interface Result {
  readonly rows: readonly Row[];
  readonly sick: number;
  readonly healthy: number;
  /** Healthy networks with a warning or an error. */
  readonly alarmed: number;
  /** Sick and healthy networks that were compared with alternatives, and those of them in which one is clearly better. */
  readonly sickCompared: number;
  readonly sickImproved: number;
  readonly healthyCompared: number;
  readonly healthyImproved: number;
  /** Sick networks whose finding only a comparison shows. */
  readonly foundByComparison: number;
  /** Warnings and errors in all, and those of them that are true. */
  readonly reported: number;
  readonly right: number;
  /** Sick networks with an error before a repair, and those of them without an error after it. */
  readonly withError: number;
  readonly withErrorRepaired: number;
  /** Sick networks that learn after a repair: their training loss is well below that of guessing. */
  readonly learning: number;
  /** Sick networks whose data leave nothing to learn, and those of them in which a repair rightly leaves an error. */
  readonly unlearnable: number;
  readonly rightlyLeft: number;
}

/** Sets of networks by their authors. The rules were developed with the "own" networks. */
export const sets = {
  healthy: () => networksIn(path.join(folder, 'healthy')),
  public: () => networksIn(path.join(folder, 'public')),
  eighteenth: () => networksIn(path.join(folder, 'eighteenth')),
  seventeenth: () => networksIn(path.join(folder, 'seventeenth')),
  sixteenth: () => networksIn(path.join(folder, 'sixteenth')),
  fifteenth: () => networksIn(path.join(folder, 'fifteenth')),
  fourteenth: () => networksIn(path.join(folder, 'fourteenth')),
  thirteenth: () => networksIn(path.join(folder, 'thirteenth')),
  twelfth: () => networksIn(path.join(folder, 'twelfth')),
  eleventh: () => networksIn(path.join(folder, 'eleventh')),
  tenth: () => networksIn(path.join(folder, 'tenth')),
  ninth: () => networksIn(path.join(folder, 'ninth')),
  eighth: () => networksIn(path.join(folder, 'eighth')),
  seventh: () => networksIn(path.join(folder, 'seventh')),
  sixth: () => networksIn(path.join(folder, 'sixth')),
  fifth: () => networksIn(path.join(folder, 'fifth')),
  fourth: () => networksIn(path.join(folder, 'fourth')),
  third: () => networksIn(path.join(folder, 'third')),
  second: () => networksIn(path.join(folder, 'second')),
  unseen: () => networksIn(path.join(folder, 'unseen')),
  own: () => [...networksIn(folder), ...samplesOfRules()],
} as const;

export type SetName = keyof typeof sets;

export async function measure(set: SetName, report: (line: string) => void): Promise<Result> {
  const rows = new Map(findings.map(({ code }) => [code as string, emptyRow(code)]));
  const counts = {
    sick: 0,
    healthy: 0,
    alarmed: 0,
    sickCompared: 0,
    sickImproved: 0,
    healthyCompared: 0,
    healthyImproved: 0,
    foundByComparison: 0,
    reported: 0,
    right: 0,
    withError: 0,
    withErrorRepaired: 0,
    learning: 0,
    unlearnable: 0,
    rightlyLeft: 0,
  };
  for (const one of sets[set]()) {
    const isHealthy = one.expected.length === 0;
    const { found: inRun } = await trained(one.text, one.folder);
    const stated = statedByCheck(one.text);
    const seen = [...stated, ...inRun];
    const compared = stated.length > 0 ? { attempts: 0, proven: [] } : await comparedWith(one);
    const found = [...seen, ...compared.proven];
    if (compared.attempts > 0) {
      counts[isHealthy ? 'healthyCompared' : 'sickCompared']++;
      if (compared.proven.length > 0) counts[isHealthy ? 'healthyImproved' : 'sickImproved']++;
      for (const { message, code } of compared.proven) report(`  ${one.name}, compared: ${code}, ${message}`);
    }
    const warned = distinct(found.filter(({ severity }) => severity !== 'info'));
    report(
      `${one.name}: ${found.map(({ code, severity }) => `${code} (${severity})`).join(', ') || 'nothing'}`,
    );
    const { also } = one;
    if (also) {
      const wrong = warned.filter((code) => ![...one.expected, ...also].includes(code));
      for (const code of wrong) rows.get(code)?.falseAlarms.push(one.name);
      counts.reported += warned.length;
      counts.right += warned.length - wrong.length;
    }
    if (isHealthy) {
      counts.healthy++;
      if (warned.length > 0) counts.alarmed++;
      continue;
    }
    counts.sick++;
    const hit = found.find(({ code }) => one.expected.includes(code));
    if (hit && !seen.includes(hit)) counts.foundByComparison++;
    const row = rows.get(hit?.code ?? one.expected[0])!;
    const { left, learns } = await afterRepair(one, report);
    if (nothingToLearn.test(one.text)) {
      counts.unlearnable++;
      if (left.length > 0) counts.rightlyLeft++;
      else report('  the repair left no error, although there is nothing to learn');
    } else {
      row.repairs++;
      if (learns) counts.learning++;
      if (found.some(({ severity }) => severity === 'error')) {
        counts.withError++;
        if (left.length === 0) counts.withErrorRepaired++;
      }
      if (left.length > 0) row.unrepaired.push(`${one.name}: ${left.join(', ')}`);
    }
    if (!hit) row.missed.push(one.name);
    else {
      row.found++;
      if (hit.fix) {
        row.fixes++;
        // A comparison has proven its change.
        if (!seen.includes(hit) || (await clears(one, hit))) row.cleared++;
        else report(`  the fix does not clear ${hit.code}: ${hit.fix.title}`);
      }
    }
  }
  return { rows: [...rows.values()], ...counts };
}

/** Trains each network of a folder to its end, reports what is found, and returns how many have a warning or an error. */
export async function trainEach(place: string, report: (line: string) => void): Promise<number> {
  let alarmed = 0;
  for (const { name, text } of networksIn(place))
    try {
      const { found, learns } = await trained(text, place);
      const isAlarmed = found.some(({ severity }) => severity !== 'info');
      if (isAlarmed) alarmed++;
      report(`${name}: ${learns ? 'learns' : 'does not learn'}, ${isAlarmed ? 'with' : 'without'} a warning`);
      for (const { code, severity, step, message } of found)
        report(`  ${severity} at step ${step}: ${message} [${code}]`);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      report(`${name}: ${error.message}`);
    }
  return alarmed;
}

/**
 * Data that leave nothing to learn: labels that were shuffled against their rows, samples of one class, a value to predict that never changes. No edit of the text
 * can change that, so an error must be left after a repair.
 */
const nothingToLearn = /[/"](shuffled|one-class)\.csv"|"target": ?"closed"/;

/** What a problem of the text says, as the code of a finding. */
const stating: { readonly [problem: string]: string } = { 'graph/unused': 'output/unused' };

/** What `netloom check` warns of beside findings. */
const statedByCheck = (text: string): readonly Finding[] =>
  analyze(text).diagnostics.flatMap(({ code, severity, message, path }) =>
    Object.hasOwn(stating, code)
      ? [{ code: stating[code], severity, step: 0, evidence: { value: 0, limit: 0 }, message, path }]
      : [],
  );

const distinct = (found: readonly Finding[]): string[] => [...new Set(found.map(({ code }) => code))];

const emptyRow = (code: string): Row => ({
  code,
  found: 0,
  missed: [],
  falseAlarms: [],
  fixes: 0,
  cleared: 0,
  repairs: 0,
  unrepaired: [],
});

function networksIn(place: string): Case[] {
  return readdirSync(place)
    .filter((name) => name.endsWith('.nn.json'))
    .map((name): Case => {
      const text = readFileSync(path.join(place, name), 'utf8');
      const codes = (word: string) => new RegExp(`// ${word}: (.*)`).exec(text)?.[1].trim().split('|') ?? [];
      const expected = codes('expect').filter((code) => code !== 'healthy');
      return { name, folder: place, text, expected, also: codes('also') };
    });
}

function samplesOfRules(): Case[] {
  return (findings as readonly FindingDefinition[]).flatMap(({ code, samples }) => {
    const { sick, healthy } = samples();
    return [
      ...sick.map((sample, index): Case => asCase(`${code} sick ${index + 1}`, sample, [code])),
      ...healthy.map((sample, index): Case => asCase(`${code} healthy ${index + 1}`, sample, [])),
    ];
  });
}

const asCase = (name: string, sample: object, expected: readonly string[]): Case => ({
  name,
  folder: '.',
  text: JSON.stringify({ format: 1, ...sample }),
  expected,
  also: expected.length === 0 ? [] : undefined,
});

interface Trained {
  readonly found: readonly Finding[];
  /** The training loss of the last epoch is at most 90 % of that of guessing. */
  readonly learns: boolean;
}

async function trained(text: string, from: string): Promise<Trained> {
  const backend = loadBackend('dist/kernels');
  const found: Finding[] = [];
  let learns = false;
  try {
    const { training } = await openTraining(text, { folder: from }, backend);
    const { loss } = training.baseline;
    for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() })) {
      if (event.event === 'finding') found.push(event as Finding);
      // The loss of a likelihood can be below zero.
      if (event.event === 'epoch') learns = event.train.loss < loss - 0.1 * Math.abs(loss);
    }
  } catch (error) {
    if (!(error instanceof TrainingFailure)) throw error;
    learns = false;
  } finally {
    backend.dispose?.();
  }
  return { found, learns };
}

/** Whether a finding is gone after its fix, in a new training. */
async function clears(one: Case, { code, fix, layer, severity }: Finding): Promise<boolean> {
  const edited = applyEdit(one.text, fix!.edit);
  if ('problem' in edited) return false;
  const text = applyChanges(one.text, edited.changes);
  const again = await trained(text, one.folder).then(
    ({ found }) => found,
    (error) => {
      // A fix that leaves a network which cannot be trained clears nothing.
      if (error instanceof ProblemError) return undefined;
      throw error;
    },
  );
  if (!again) return false;
  const isLeft = (other: Finding) =>
    other.code === code && other.layer === layer && (severity === 'info' || other.severity !== 'info');
  return !again.some(isLeft);
}

const settingFor = ({ folder }: Case): CourseSetting => ({
  host: () => ({
    now: () => 0,
    yield: () => Promise.resolve(),
    folder,
    memoryLimit: 2 ** 30,
    openBackend: () => loadBackend('dist/kernels'),
  }),
});

/** How many changes comparisons try, and what they prove. */
async function comparedWith(
  one: Case,
): Promise<{ readonly attempts: number; readonly proven: readonly Finding[] }> {
  const proven: Finding[] = [];
  let attempts = 0;
  const options = { onFinding: (finding: Finding) => proven.push(finding), onAttempt: () => attempts++ };
  try {
    await findWhatHoldsBack(one.text, options, settingFor(one));
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
  }
  return { attempts, proven };
}

/** Repairs the network as `netloom repair` does, trains the result to its end, and returns its errors and whether it learns. */
async function afterRepair(
  one: Case,
  report: (line: string) => void,
): Promise<{ readonly left: readonly string[]; readonly learns: boolean }> {
  const { attempts, fix } = await repairNetwork(one.text, {}, settingFor(one));
  for (const { outcome, code, fix, verdict } of attempts)
    report(`  ${outcome}: ${code}, ${fix.title}. ${verdict}`);
  const edited = fix ? applyEdit(one.text, fix.edit) : { changes: [] };
  if ('problem' in edited) return { left: [edited.problem], learns: false };
  const { found, learns } = await trained(applyChanges(one.text, edited.changes), one.folder);
  const left = found.filter(({ severity }) => severity === 'error').map(({ code }) => code);
  if (!learns) report('  does not learn after the repair');
  return { left, learns };
}

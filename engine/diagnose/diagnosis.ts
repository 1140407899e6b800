/**
 * The diagnosis of one training: examines its steps and epochs, remembers what its rules have seen, and reports each
 * finding once. Depends on steps only, never on a clock. Its memory is plain data, part of a training's state.
 */
import type { Fix } from '../schema/problem.ts';
import type { Severity } from '../schema/severity.ts';
import type { SpecEdit } from '../spec/specEdit.ts';
import { deadFraction } from '../stats/deadFraction.ts';
import type { NetworkStats } from '../stats/define.ts';
import { findIn } from './check.ts';
import {
  type Evidence,
  type Finding,
  type FindingDefinition,
  findingOf,
  fixesOf,
  type Looks,
  type Need,
  type Sighting,
} from './define.ts';
import { limitsOf } from './limits.ts';
import {
  type BrokenInvariant,
  type Check,
  type DataLook,
  type EpochLook,
  type EpochResults,
  lookAtEpoch,
  type NotFinite,
  type TrainingLook,
} from './look.ts';
import {
  type DiagnosisState,
  isError,
  isInformation,
  keyOf,
  layerOf,
  leastSevereFirst,
  type Measured,
  nameIn,
  overOf,
  type Reported,
  weight,
} from './memory.ts';
import { Paths } from './paths.ts';
import { codeOf, dataFindings, isFromLoss, ruleNames, trainingFindings } from './registry.ts';
import { nextLook } from './schedule.ts';

/** The number of past looks that rules can use. */
const mostChecks = 16;

type TrainingRule = FindingDefinition<string, 'training'>;
type Moment = NonNullable<TrainingRule['when']>;

interface Limited {
  readonly rule: TrainingRule;
  readonly limits: TrainingRule['limits'];
}

interface Seen {
  readonly rule: TrainingRule;
  readonly sighting: Sighting & { readonly severity: Severity };
}

/** A rule, as far as measurements are kept by it. */
type Coded = Pick<FindingDefinition, 'code'>;

/** The state of the diagnosis of one training. Its owner calls it after steps, epochs and failures, and takes its findings. */
export class Diagnosis {
  #began: DataLook | undefined;
  /** The rules of each moment with the limits that apply to them. */
  #rules: { readonly [M in Moment]: readonly Limited[] } = { step: [], epoch: [], failure: [] };
  readonly #stepsPerEpoch: number;
  readonly #totalSteps: number;
  #due: number;
  #checks: readonly Check[] = [];
  #first: Check | undefined;
  #losses: DiagnosisState['losses'] = [0, 0];
  #epochs: EpochLook[] = [];
  #looks = new Map<string, number>();
  #reported = new Map<string, Reported>();
  #found: readonly Finding[] = [];
  /**
   * The last measurements by rule and layer, also of healthy layers. Two rules can have the same code. Not part of the state, because a
   * comparison of two trainings runs both from the first step.
   */
  readonly #measured = new Map<Coded, Map<string | undefined, Measured>>();
  /** Every fix of each finding, best first, by code and layer. Not part of the state either. */
  readonly #fixes = new Map<string, readonly Fix<SpecEdit>[]>();
  /** Errors and warnings of the text and the data, by code and layer. */
  #certain: ReadonlySet<string> = new Set();
  #knownPaths: Paths | undefined;

  /** Before it begins, it answers only `isDue` and `addLoss`. */
  constructor(stepsPerEpoch: number, epochs: number) {
    this.#stepsPerEpoch = stepsPerEpoch;
    this.#totalSteps = stepsPerEpoch * epochs;
    this.#due = nextLook(0, stepsPerEpoch);
  }

  /** Whether to look at a step. If the step cannot be measured, the next possible step is. */
  isDue(step: number): boolean {
    return step >= this.#due;
  }

  /** What the rules know from the first step on: the network, its data, and what guessing reaches. */
  get look(): DataLook {
    if (!this.#began) throw new Error('internal error: a diagnosis was asked before it began');
    return this.#began;
  }

  get #paths(): Paths {
    this.#knownPaths ??= new Paths(this.look.analysis.graph);
    return this.#knownPaths;
  }

  /** What the text and the data show, before the first step is looked at. */
  begin(look: DataLook): void {
    this.#began = look;
    const rules = trainingFindings.map((rule: TrainingRule) => ({ rule, limits: limitsOf(rule, look) }));
    const of = (moment: Moment) => rules.filter(({ rule: { when = 'step' } }) => when === moment);
    this.#rules = { step: of('step'), epoch: of('epoch'), failure: of('failure') };
    const inText = findIn(look, (rule, layer) => this.#keepFixes(rule, layer, look));
    const inData = dataFindings.flatMap((rule: FindingDefinition<string, 'data'>) => {
      const sightings = rule.find(look, limitsOf(rule, look));
      this.#measure(rule, sightings);
      return sightings.flatMap((sighting) => {
        const { severity, layer } = sighting;
        if (severity === undefined) return [];
        this.#keepFixes(rule, layer, look);
        return [findingOf(rule, { ...sighting, severity }, look, 0)];
      });
    });
    this.#found = [...inText, ...inData];
    // Faults explain later findings for the rest of the training. Information does not.
    for (const { code, layer, severity } of this.#found)
      if (severity !== 'info') this.#reported.set(keyOf(code, layer), severity);
    this.#certain = new Set(this.#reported.keys());
  }

  /** The next finding that has not been taken yet. */
  take(): Finding | undefined {
    const next = this.#found[0];
    if (next) this.#found = this.#found.slice(1);
    return next;
  }

  /** The last measurement of the rules with this code in a layer, within a limit or beyond it; of several, the most severe. */
  evidenceOf(code: string, layer: string | undefined): Evidence | undefined {
    return this.#measuredBy(code, layer).toSorted(leastSevereFirst).at(-1)?.evidence;
  }

  #measuredBy(code: string, layer: string | undefined): readonly Measured[] {
    return [...this.#measured].flatMap(([rule, byLayer]) =>
      rule.code === code ? (byLayer.get(layer) ?? []) : [],
    );
  }

  /**
   * Whether a rule with this code sees a finding now: at least as severe, and in as many looks in a row as the rule requires. It may not
   * be reported, if it is the effect of another one. Only for rules that look at steps or epochs.
   */
  isSeen({ code, layer, severity }: Pick<Finding, 'code' | 'layer' | 'severity'>): boolean {
    return (trainingFindings as readonly TrainingRule[]).some((rule) => {
      const now = rule.code === code ? this.#measured.get(rule)?.get(layer)?.severity : undefined;
      return now !== undefined && weight[now] >= weight[severity] && this.#isHeld(rule, layer);
    });
  }

  /** Every fix of a finding, the best first. */
  fixesOf({ code, layer }: Finding): readonly Fix<SpecEdit>[] {
    return this.#fixes.get(keyOf(code, layer)) ?? [];
  }

  /** Takes the loss of every step, also of steps without a look. */
  addLoss(loss: number): void {
    const [sum, steps] = this.#losses;
    this.#losses = [sum + loss, steps + 1];
  }

  /** Takes what a step with a look showed. */
  afterStep(step: number, stats: NetworkStats, penalty: number): void {
    this.#due = nextLook(step, this.#stepsPerEpoch);
    const [sum, steps] = this.#losses;
    this.#losses = [0, 0];
    const check = { step, stats, loss: sum / Math.max(1, steps), penalty };
    this.#first ??= check;
    this.#checks = [...this.#checks, check].slice(-mostChecks);
    this.#findNew('step', step);
  }

  /**
   * Takes the results of an epoch, with its share of dead units by layer and what should hold in every run but did not.
   * `stopsEarly`: early stopping ends the run now.
   */
  afterEpoch(
    epoch: EpochResults,
    deadShares: { readonly [layer: string]: number },
    broken: readonly BrokenInvariant[],
    stopsEarly: boolean,
  ): void {
    this.#epochs.push(lookAtEpoch(epoch, this.#epochs.at(-1), this.look.training.schedule));
    const last = this.#checks.at(-1) ?? { step: epoch.step, stats: {}, loss: epoch.train.loss, penalty: 0 };
    const stats = { ...last.stats };
    for (const [layer, share] of Object.entries(deadShares))
      stats[layer] = { ...stats[layer], [deadFraction.key]: share };
    this.#checks = [...this.#checks.slice(0, -1), { ...last, stats }];
    this.#findNew('epoch', epoch.step, { broken, ...(stopsEarly ? { isLast: true } : {}) });
  }

  /** Takes what ended the training. */
  afterFailure(notFinite: NotFinite): void {
    this.#findNew('failure', notFinite.step, { notFinite });
  }

  get state(): DiagnosisState {
    return {
      due: this.#due,
      checks: this.#checks,
      first: this.#first ?? null,
      losses: this.#losses,
      epochs: [...this.#epochs],
      looks: Object.fromEntries(this.#looks),
      reported: Object.fromEntries(this.#reported),
      found: this.#found,
    };
  }

  set state({ due, checks, first, losses, epochs, looks, reported, found }: DiagnosisState) {
    this.#due = due;
    this.#checks = checks;
    this.#first = first ?? undefined;
    this.#losses = losses;
    this.#epochs = [...epochs];
    this.#looks = new Map(Object.entries(looks));
    this.#reported = new Map(Object.entries(reported));
    this.#found = found;
  }

  #trainingLook(): TrainingLook {
    return {
      ...this.look,
      checks: this.#checks,
      first: this.#first,
      totalSteps: this.#totalSteps,
      epochs: this.#epochs,
      isLast: this.#epochs.length >= this.look.training.epochs,
    };
  }

  #findNew(moment: Moment, step: number, more: Partial<TrainingLook> = {}): void {
    const look = { ...this.#trainingLook(), ...more };
    const rules = this.#rules[moment];
    const seen = rules.flatMap(({ rule, limits }) => {
      const sightings = rule.find(look, limits);
      this.#measure(rule, sightings);
      return sightings.flatMap((sighting) => {
        const severity = this.#severityOf(rule, sighting);
        return severity === undefined ? [] : [{ rule, sighting: { ...sighting, severity } }];
      });
    });
    this.#count(rules, seen);
    const due = seen.filter((one) => this.#isNew(one));
    if (due.length === 0) return;
    const seenNow = this.#seenNow;
    // At the end of a run, a cause that has not been seen often enough to be reported will not be any more.
    const last = moment === 'epoch' && look.isLast;
    const dueKeys = new Set(due.map(({ rule, sighting }) => keyOf(rule.code, sighting.layer)));
    const isPossible = (finding: string) => !last || this.#reported.has(finding) || dueKeys.has(finding);
    const possible = [...new Set([...seenNow, ...this.#reported.keys()])].filter(isPossible);
    const reported = due.filter((one) => !this.#isEffect(one, possible, due));
    for (const { rule, sighting } of reported) this.#fixes.delete(keyOf(rule.code, sighting.layer));
    const found = reported.map(({ rule, sighting }) => {
      this.#reported.set(keyOf(rule.code, sighting.layer), sighting.severity);
      this.#keepFixes(rule, sighting.layer, look);
      return findingOf(rule, sighting, look, step, this.#effectsOf(rule, sighting, seenNow));
    });
    this.#found = [...this.#found, ...found];
  }

  /**
   * A measurement that exceeded a limit and is no longer seen says nothing about the current state. Of several sightings in one layer, the
   * most severe is kept.
   */
  #measure(rule: Coded, sightings: readonly Sighting[]): void {
    const measured = this.#measured.get(rule) ?? new Map<string | undefined, Measured>();
    this.#measured.set(rule, measured);
    for (const [layer, { severity }] of measured) if (severity !== undefined) measured.delete(layer);
    for (const { layer, severity, evidence } of sightings.toSorted(leastSevereFirst))
      measured.set(layer, { severity, evidence });
  }

  /** Two rules can have the same code. Their fixes are joined. */
  #keepFixes<N extends Need>(
    rule: FindingDefinition<string, N>,
    layer: string | undefined,
    look: Looks[N],
  ): void {
    const key = keyOf(rule.code, layer);
    this.#fixes.set(key, [...(this.#fixes.get(key) ?? []), ...fixesOf(rule, layer, look)]);
  }

  /** Counts one more look in a row of these rules for what they see, and starts again from zero for what they do not. */
  #count(rules: readonly Limited[], seen: readonly Seen[]): void {
    const keys = new Set(seen.map(({ rule, sighting }) => keyOf(nameOf(rule), sighting.layer)));
    const looking = new Set(rules.map(({ rule }) => nameOf(rule)));
    for (const key of this.#looks.keys())
      if (looking.has(nameIn(key)) && !keys.has(key)) this.#looks.delete(key);
    for (const key of keys) this.#looks.set(key, (this.#looks.get(key) ?? 0) + 1);
    const current = new Set(this.#seenNow);
    const looked = new Set(rules.map(({ rule }) => rule.code));
    for (const [finding, reported] of this.#reported)
      if (looked.has(nameIn(finding)) && !current.has(finding)) this.#reported.set(finding, overOf(reported));
  }

  /** Findings that any rule of their code saw in its last look. */
  get #seenNow(): readonly string[] {
    return [...this.#looks.keys()].map((key) => keyOf(codeOf(nameIn(key)), layerOf(key)));
  }

  /** Whether a rule sees it now, in as many looks in a row as it requires. */
  #isHeld(rule: TrainingRule, layer: string | undefined): boolean {
    return (this.#looks.get(keyOf(nameOf(rule), layer)) ?? 0) >= (rule.holds ?? 1);
  }

  /** Seen often enough, and not reported yet, or not yet as an error. */
  #isNew({ rule, sighting: { layer, severity } }: Seen): boolean {
    const before = this.#reported.get(keyOf(rule.code, layer)) ?? 'over';
    return this.#isHeld(rule, layer) && weight[severity] > weight[before];
  }

  /**
   * What the text and the data show is certain, what is measured in a layer less so, and least what only losses show. Beside a more certain
   * fault on its path a warning may be an effect of it, whether or not its rule knows how, so it is information. An error is beyond doubt, so
   * that what is seen after it is less certain, too.
   */
  #severityOf({ code, fromLoss }: TrainingRule, { severity, layer }: Sighting): Severity | undefined {
    if (severity !== 'warning') return severity;
    const isMoreCertainFault = ([finding, reported]: [string, Reported]) =>
      !isInformation(reported) &&
      nameIn(finding) !== code &&
      (this.#certain.has(finding) || ((fromLoss || isError(reported)) && !isFromLoss(nameIn(finding)))) &&
      this.#paths.areJoined(layer, layerOf(finding));
    return [...this.#reported].some(isMoreCertainFault) ? 'info' : 'warning';
  }

  /**
   * Whether its cause is among these findings, which are seen too or were reported before. Then only the cause is reported. What is only
   * information does not explain a fault.
   */
  #isEffect(
    { rule: { causes = [] }, sighting: { layer, severity, hasOwnCause = false } }: Seen,
    possible: readonly string[],
    due: readonly Seen[],
  ): boolean {
    return possible.some(
      (finding) =>
        !hasOwnCause &&
        causes.includes(nameIn(finding)) &&
        this.#paths.areJoined(layer, layerOf(finding)) &&
        (severity === 'info' || !this.#isInformation(finding, due)),
    );
  }

  /** Whether a finding was reported as information, or would be. `due`: what is reported now. */
  #isInformation(finding: string, due: readonly Seen[] = []): boolean {
    const reported = this.#reported.get(finding);
    if (reported !== undefined) return isInformation(reported);
    const now = due.filter(({ rule, sighting }) => keyOf(rule.code, sighting.layer) === finding);
    if (now.length > 0) return now.every(({ sighting }) => sighting.severity === 'info');
    const measured = this.#measuredBy(nameIn(finding), layerOf(finding));
    return measured.every(({ severity = 'info' }) => severity === 'info');
  }

  /** The titles of those among these findings that a rule explains. */
  #effectsOf(
    { code }: TrainingRule,
    { layer, severity }: Seen['sighting'],
    seenNow: readonly string[],
  ): readonly string[] {
    return (trainingFindings as readonly TrainingRule[])
      .filter(
        (rule) =>
          rule.causes?.includes(code) &&
          seenNow.some(
            (finding) =>
              nameIn(finding) === rule.code &&
              this.#paths.areJoined(layer, layerOf(finding)) &&
              (severity !== 'info' || this.#isInformation(finding)),
          ),
      )
      .map(({ title }) => title);
  }
}

const nameOf = (rule: Coded): string => ruleNames.get(rule)!;

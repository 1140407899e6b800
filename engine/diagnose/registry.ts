/** Every finding: one import and one line each, by what it needs to know. Those of the text are in `staticRegistry.ts`. */
import type { FindingDefinition } from './define.ts';
import { bindingPenalty } from './rules/bindingPenalty.ts';
import { brokenInvariant } from './rules/brokenInvariant.ts';
import { cleanerTest } from './rules/cleanerTest.ts';
import { constantFeature } from './rules/constantFeature.ts';
import { deadRelu } from './rules/deadRelu.ts';
import { diverging } from './rules/diverging.ts';
import { drift } from './rules/drift.ts';
import { endedSchedule } from './rules/endedSchedule.ts';
import { explodingGradient } from './rules/explodingGradient.ts';
import { explodingInTime } from './rules/explodingInTime.ts';
import { frozenFeatures } from './rules/frozenFeatures.ts';
import { imbalanced } from './rules/imbalanced.ts';
import { initialLoss } from './rules/initialLoss.ts';
import { labelNoise } from './rules/labelNoise.ts';
import { largeUpdate } from './rules/largeUpdate.ts';
import { leak } from './rules/leak.ts';
import { longSteps } from './rules/longSteps.ts';
import { lossOfTargets } from './rules/lossOfTargets.ts';
import { lostUpdate } from './rules/lostUpdate.ts';
import { loudNoise } from './rules/loudNoise.ts';
import { misplacedLabels } from './rules/misplacedLabels.ts';
import { notCentred } from './rules/notCentred.ts';
import { notFinite } from './rules/notFinite.ts';
import { notScaled } from './rules/notScaled.ts';
import { oscillating } from './rules/oscillating.ts';
import { otherScale } from './rules/otherScale.ts';
import { outliers } from './rules/outliers.ts';
import { overfitting } from './rules/overfitting.ts';
import { plateau } from './rules/plateau.ts';
import { renumberedTest } from './rules/renumberedTest.ts';
import { risingLoss } from './rules/risingLoss.ts';
import { saturated } from './rules/saturated.ts';
import { seesFuture } from './rules/seesFuture.ts';
import { slowingUpdate } from './rules/slowingUpdate.ts';
import { slowStatistics } from './rules/slowStatistics.ts';
import { smallUpdate } from './rules/smallUpdate.ts';
import { stoppedEarly } from './rules/stoppedEarly.ts';
import { strayLabels } from './rules/strayLabels.ts';
import { strongPenalty } from './rules/strongPenalty.ts';
import { underfitting } from './rules/underfitting.ts';
import { unseenClass } from './rules/unseenClass.ts';
import { unusedOutputs } from './rules/unusedOutputs.ts';
import { vanishingGradient } from './rules/vanishingGradient.ts';
import { vanishingInTime } from './rules/vanishingInTime.ts';
import { staticFindings } from './staticRegistry.ts';

/** Found in the data before the first step. */
export const dataFindings = [
  notScaled,
  otherScale,
  constantFeature,
  outliers,
  imbalanced,
  leak,
  labelNoise,
  strayLabels,
  misplacedLabels,
  renumberedTest,
  unseenClass,
  seesFuture,
  lossOfTargets,
  unusedOutputs,
  slowStatistics,
] as const;

/** Found while training. Where several are seen at once, they are reported in this order. */
export const trainingFindings = [
  notFinite,
  brokenInvariant,
  initialLoss,
  deadRelu,
  saturated,
  notCentred,
  explodingGradient,
  explodingInTime,
  vanishingGradient,
  vanishingInTime,
  largeUpdate,
  endedSchedule,
  smallUpdate,
  lostUpdate,
  slowingUpdate,
  strongPenalty,
  loudNoise,
  diverging,
  drift,
  oscillating,
  risingLoss,
  overfitting,
  cleanerTest,
  bindingPenalty,
  frozenFeatures,
  stoppedEarly,
  longSteps,
  plateau,
  underfitting,
] as const;

export const findings = [...staticFindings, ...dataFindings, ...trainingFindings] as const;

/**
 * What each rule is called, to tell rules of one code apart: its code, for the second of them with a number ("init/mismatch-2"). Unlike a
 * rule, a name can be part of a saved state.
 */
export const ruleNames: ReadonlyMap<Pick<FindingDefinition, 'code'>, string> = new Map(
  findings.map((rule, place) => {
    const before = findings.slice(0, place).filter(({ code }) => code === rule.code).length;
    return [rule, before === 0 ? rule.code : `${rule.code}-${before + 1}`];
  }),
);

/** The code in the name of a rule. */
export const codeOf = (name: string): string => name.replace(/-\d+$/, '');

/** Whether a finding makes the loss look better than it is. */
export const lossIsFlattered = (code: string): boolean =>
  (findings as readonly FindingDefinition[]).some((rule) => rule.code === code && rule.flattersLoss === true);

/** Whether a finding is concluded from losses alone. */
export const isFromLoss = (code: string): boolean =>
  (findings as readonly FindingDefinition[]).some((rule) => rule.code === code && rule.fromLoss === true);

/** Whether a finding says why a result is bad, and not only how bad it is. */
export const namesCause = (code: string): boolean =>
  (findings as readonly FindingDefinition[]).some((rule) => rule.code === code && !rule.namesNoCause);

export type FindingCode = (typeof findings)[number]['code'];

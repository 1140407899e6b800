/**
 * Remedies that a repair tries for an error that no fix of the findings clears: usual choices instead of unusual ones, the
 * smallest change first, and all of them together last. They must prove that they help, like any other fix.
 */
import type { SpecFix } from '../diagnose/fixes.ts';
import type { NetworkLook } from '../diagnose/look.ts';
import type { Alternative } from './alternatives/define.ts';
import { alternatives } from './alternatives/registry.ts';
import { allOf } from './fixed.ts';

export function lastResorts(look: NetworkLook): readonly SpecFix[] {
  const of = (resort: Alternative['resort']) =>
    alternatives.filter((one) => one.resort === resort).flatMap(({ changes }) => changes(look));
  const changes = of('together');
  return [...of('alone'), ...changes, ...(changes.length > 1 ? [allOf(changes)] : [])];
}

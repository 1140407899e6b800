/** The mutation operators of `npm run diagnosis mutants`. The mutants are not trained here. */
import { describe, expect, it } from 'vitest';
import { findings } from '../../engine/diagnose/registry.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { baseNetworks, mutantOf } from '../diagnosis/mutants/measure.ts';
import { operators } from '../diagnosis/mutants/registry.ts';

const bases = [...baseNetworks('tuning'), ...baseNetworks('heldOut')];

/** The first mutants of an operator. */
const mutants = operators.map((operator) => {
  const made = [];
  for (const base of bases) {
    const mutant = mutantOf(base, operator);
    if (mutant) made.push({ base, mutant });
    if (made.length === 3) break;
  }
  return { operator, made };
});

describe('mutation operators', () => {
  it('have names of their own, and know the findings that are right', () => {
    const known = new Set<string>(findings.map(({ code }) => code));
    expect(new Set(operators.map(({ name }) => name)).size).toBe(operators.length);
    for (const { name, causes, symptoms } of operators)
      expect(
        [...causes, ...symptoms].filter((code) => !known.has(code)),
        name,
      ).toEqual([]);
  });

  it('apply to healthy networks, change their text or their data, and leave no errors', () => {
    for (const { operator, made } of mutants) {
      expect(made.length, operator.name).toBeGreaterThan(0);
      for (const { base, mutant } of made) {
        expect(mutant.text !== base.text || mutant.change !== undefined, mutant.name).toBe(true);
        expect(analyze(mutant.text).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
      }
    }
  });

  it('are measured on networks that were used to improve the rules, and on others', () => {
    const names = (half: 'tuning' | 'heldOut') =>
      baseNetworks(half).map(({ folder, name }) => `${folder}/${name}`);
    const [tuning, heldOut] = [names('tuning'), names('heldOut')];
    expect(heldOut.filter((name) => tuning.includes(name))).toEqual([]);
    expect(Math.min(tuning.length, heldOut.length)).toBeGreaterThan(100);
  });
});

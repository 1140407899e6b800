/** Alternatives: each proves itself on a network that lacks it, and changes nothing, or proves nothing, on a similar one that does not. */
import { describe, expect, it } from 'vitest';
import type { NetworkSample } from '../../engine/diagnose/define.ts';
import { findings } from '../../engine/diagnose/registry.ts';
import type { Alternative } from '../../engine/trials/alternatives/define.ts';
import { alternatives } from '../../engine/trials/alternatives/registry.ts';
import { Courses } from '../../engine/trials/courses.ts';
import { gainOf, isClear } from '../../engine/trials/gain.ts';
import { type Case, cases } from './alternativeCases.ts';
import { setting } from './courseSetting.ts';

const nameOf = ({ alternative, code }: Case): string =>
  `${cases.findIndex((one) => one.alternative === alternative) + 1} (${code})`;

/** The codes that it proves for a network, with one seed. */
async function provenBy({ code, changes }: Alternative, sample: NetworkSample) {
  const courses = new Courses(JSON.stringify({ format: 1, ...sample }), setting);
  const plain = await courses.plain();
  const proven = new Set<string>();
  for (const fix of changes(plain.look)) {
    const course = await courses.with(fix);
    const gain = course && gainOf(plain, course);
    if (gain && isClear(gain)) proven.add(code(plain.look));
  }
  return [...proven];
}

describe('an alternative', () => {
  it('has a case here, and proves a finding that has a page', () => {
    expect(cases.map(({ alternative }) => alternative)).toEqual(alternatives);
    const codes: readonly string[] = findings.map(({ code }) => code);
    expect(cases.filter(({ code }) => !codes.includes(code))).toEqual([]);
  });

  it.each(cases.map((one) => [nameOf(one), one] as const))(
    '%s proves its finding where it is missing',
    async (_, { alternative, sick, code }) => {
      expect(await provenBy(alternative, sick)).toEqual([code]);
    },
  );

  it.each(cases.map((one) => [nameOf(one), one] as const))(
    '%s proves nothing where it is not',
    async (_, { alternative, healthy }) => {
      expect(await provenBy(alternative, healthy)).toEqual([]);
    },
  );
});

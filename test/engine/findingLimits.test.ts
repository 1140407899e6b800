/** Every limit of a finding is a setting: set limits apply, wrong ones are reported, and all others keep the values of the rules. */
import { describe, expect, it } from 'vitest';
import { check } from '../../engine/api.ts';
import type { FindingDefinition } from '../../engine/diagnose/define.ts';
import { allLimits, readLimits } from '../../engine/diagnose/limits.ts';
import { findings } from '../../engine/diagnose/registry.ts';
import { bottleneck } from '../../engine/diagnose/rules/bottleneck.ts';
import { deadRelu } from '../../engine/diagnose/rules/deadRelu.ts';
import { findingAnchor, findingsPage } from '../../engine/reference/findings.ts';
import { findingsOf } from './diagnosed.ts';

const rules = findings as readonly FindingDefinition[];
const textOf = (sample: object): string => JSON.stringify({ format: 1, ...sample });
const codesIn = (text: string, limits = {}) => check(text, limits).findings.map(({ code }) => code);

describe('limits of findings', () => {
  it('are numbers, each with its own name', () => {
    const names = rules.flatMap(({ code, limits }) => Object.keys(limits).map((name) => `${code}/${name}`));
    expect(new Set(names).size).toBe(names.length);
    for (const value of allLimits(rules).values()) expect(Number.isFinite(value)).toBe(true);
  });

  it('determine the findings of the text', () => {
    const text = textOf(bottleneck.samples().sick[0]);
    expect(codesIn(text)).toContain('structure/bottleneck');
    expect(codesIn(text, { 'structure/bottleneck/share': 0 })).not.toContain('structure/bottleneck');
  });

  it('determine the findings of a training, and are in their evidence', async () => {
    const text = textOf(deadRelu.samples().sick[0]);
    const found = await findingsOf(text, { limits: { 'relu/dead/error': 1.5 } });
    expect(found).toContainEqual(
      expect.objectContaining({ code: 'relu/dead', severity: 'info', evidence: { value: 1, limit: 0.4 } }),
    );
    const none = await findingsOf(text, { limits: { 'relu/dead/info': 2, 'relu/dead/error': 2 } });
    expect(none.map(({ code }) => code)).not.toContain('relu/dead');
  });

  it.each([
    [['relu/dead/eror', 0.5], /no limit "relu\/dead\/eror".*"relu\/dead\/error"/],
    [['relu/dead/error', 'high'], /"relu\/dead\/error" must be a number, but it is "high".*0\.7/],
    [['relu/dead/error', Number.NaN], /must be a number/],
    [['__proto__', 1], /no limit/],
  ] as const)('say what is wrong with %j, and do without it', ([key, value], expected) => {
    const given = JSON.parse(`{"relu/dead/info": 0.9}`);
    Object.defineProperty(given, key, { value, enumerable: true });
    const { limits, problems } = readLimits(given, rules);
    expect(limits).toEqual({ 'relu/dead/info': 0.9 });
    expect(problems).toEqual([expect.stringMatching(expected)]);
  });

  it.each([[undefined], [null], [{}]])('are all defaults where %j is set', (value) =>
    expect(readLimits(value, rules)).toEqual({ limits: {}, problems: [] }),
  );

  it.each([[7], ['much'], [[0.5]]])('cannot be read from %j', (value) =>
    expect(readLimits(value, rules)).toEqual({ limits: {}, problems: [expect.stringMatching(/object/)] }),
  );
});

describe('the page of findings', () => {
  const page = findingsPage();

  it('has one section for each code, to which its problem can link', () => {
    const codes = [...new Set(rules.map(({ code }) => code))];
    const headings = [...page.matchAll(/^### (.*)$/gm)].map(([, code]) => code);
    expect(headings.sort()).toEqual(codes.sort());
    expect(new Set(codes.map(findingAnchor)).size).toBe(codes.length);
  });

  it('names every limit with its default', () => {
    for (const key of allLimits(rules).keys()) expect(page).toContain(`| \`${key}\` |`);
  });
});

/** Declares a test for every case of one file of reference numbers. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  type CaseRunner,
  compare,
  type OracleCase,
  type Precision,
} from '../../engine/conformance/oracle.ts';

export interface OracleGroup {
  /** A file in test/fixtures/vectors/oracle. */
  readonly file: string;
  readonly run: CaseRunner;
  /** Ids of the cases that no layer covers. All others must agree. */
  readonly unsupported: readonly string[];
}

export function checkOracleGroup({ file, run, unsupported }: OracleGroup): void {
  const url = new URL(`../fixtures/vectors/oracle/${file}`, import.meta.url);
  const { cases } = JSON.parse(readFileSync(url, 'utf8')) as { cases: OracleCase[] };

  describe.each<Precision>(['float64', 'float32'])(`${file} in %s`, (precision) => {
    it.each(
      cases.filter(({ id }) => !unsupported.includes(id)).map((oracleCase) => [oracleCase.id, oracleCase]),
    )('%s gives the reference outputs and gradients', (_id, oracleCase) => {
      const comparisons = run(oracleCase as OracleCase, precision);
      if ('unsupported' in comparisons) throw new Error(comparisons.unsupported);
      // The output and at least one gradient.
      expect(comparisons.length).toBeGreaterThan(1);
      const wrong = comparisons
        .map((comparison) => compare(comparison, precision))
        .filter(({ agrees }) => !agrees)
        .map(({ detail }) => detail);
      expect(wrong).toEqual([]);
    });
  });

  it(`names the cases of ${file} that no layer covers`, () => {
    const found = cases
      .filter((oracleCase) => 'unsupported' in run(oracleCase, 'float64'))
      .map(({ id }) => id);
    expect(found.sort()).toEqual([...unsupported].sort());
  });
}

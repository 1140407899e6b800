import type Mocha from 'mocha';

interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function runMocha(mocha: Mocha): Promise<number>;
export function countsIn(output: string): Counts;

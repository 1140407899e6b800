/** All mutation operators. */
import { dataOperators } from './data.ts';
import type { Operator } from './define.ts';
import { initialOperators } from './initial.ts';
import { outputOperators } from './outputs.ts';
import { structureOperators } from './structure.ts';
import { trainingOperators } from './training.ts';

export const operators: readonly Operator[] = [
  ...trainingOperators,
  ...initialOperators,
  ...structureOperators,
  ...outputOperators,
  ...dataOperators,
];

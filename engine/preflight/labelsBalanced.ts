/** Whether no class is so frequent that always guessing it gives a good score. */
import { findingCheck } from './firstLook.ts';

export const labelsBalanced = findingCheck('labelsBalanced', 'Labels are balanced', 'data/imbalanced');

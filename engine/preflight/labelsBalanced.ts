/** Whether no class is so frequent that guessing it looks like knowledge. */
import { findingCheck } from './firstLook.ts';

export const labelsBalanced = findingCheck('labelsBalanced', 'Labels are balanced', 'data/imbalanced');

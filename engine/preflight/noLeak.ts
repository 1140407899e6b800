/** Whether training and test samples are apart, and no feature is the answer. */
import { findingCheck } from './firstLook.ts';

export const noLeak = findingCheck('noLeak', 'The answer does not leak', 'data/leak');

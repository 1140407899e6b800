/** Whether training and test samples are separate, and no feature reveals the target. */
import { findingCheck } from './firstLook.ts';

export const noLeak = findingCheck('noLeak', 'The answer does not leak', 'data/leak');

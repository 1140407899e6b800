/** Whether the first loss is that of an untrained network. */
import { findingCheck } from './firstLook.ts';

export const startLoss = findingCheck('startLoss', 'The loss starts where it should', 'loss/initial');

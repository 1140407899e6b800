/** Whether the first loss is that of a network that knows nothing. */
import { findingCheck } from './firstLook.ts';

export const startLoss = findingCheck('startLoss', 'The loss starts where it should', 'loss/initial');

/** Whether the test data are on the scale of the training data. */
import { findingCheck } from './firstLook.ts';

export const testScaled = findingCheck('testScaled', 'Test data have the same scale', 'data/otherScale');

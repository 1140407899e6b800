/** Whether the test data is on the scale of the training data. */
import { findingCheck } from './firstLook.ts';

export const testScaled = findingCheck('testScaled', 'Test data has the same scale', 'data/otherScale');

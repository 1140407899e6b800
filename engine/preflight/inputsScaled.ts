/** Whether the inputs have a scale that layers can work with. */
import { findingCheck } from './firstLook.ts';

export const inputsScaled = findingCheck('inputsScaled', 'Inputs are scaled', 'data/notScaled');

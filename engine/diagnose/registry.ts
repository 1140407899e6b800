/** Every finding: one import and one line each, by what it needs to know. Those of the text are in `staticRegistry.ts`. */
import { deadRelu } from './rules/deadRelu.ts';
import { notFinite } from './rules/notFinite.ts';
import { vanishingGradient } from './rules/vanishingGradient.ts';
import { staticFindings } from './staticRegistry.ts';

/** Found while training, in the order in which they are reported. */
export const trainingFindings = [notFinite, deadRelu, vanishingGradient] as const;

export const findings = [...staticFindings, ...trainingFindings] as const;

export type FindingCode = (typeof findings)[number]['code'];

/** How long the view takes to move, in milliseconds: 0 for people who prefer reduced motion. */
import { prefersCalm } from '../theme/prefersCalm.ts';

export const calmly = (): number => (prefersCalm() ? 0 : 200);

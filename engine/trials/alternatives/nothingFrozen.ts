/** Every layer learns. */
import { unfreezeAll } from '../../diagnose/fixes.ts';
import { always, defineAlternative } from './define.ts';

export const nothingFrozen = defineAlternative({ code: always('structure/frozen'), changes: unfreezeAll });

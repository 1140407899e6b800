/** The entry of the engine's thread: loads `worker.ts`. */
import { join } from 'node:path';
import { loadBundle } from './compiledCode.ts';

loadBundle<typeof import('./worker.ts')>(join(__dirname, 'whole.cjs')).serve();

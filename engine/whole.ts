/** The whole engine as one bundle: the command line and the engine's thread share nearly all of their code. */
export { begin } from './cli.ts';
export { serve } from './process/worker.ts';

/** The cause of an engine's crash, as far as its last output shows it, and what a person can do. */
import * as l10n from '@vscode/l10n';

export interface Cause {
  /** "engine/memory", "engine/killed" or "engine/crashed". */
  readonly code: string;
  /** What happened and what to do, in sentences. */
  readonly message: string;
}

/**
 * Messages of V8, the C++ runtime and our watchdog when memory runs out, and V8's message for a buffer that it cannot allocate.
 */
const memoryWords =
  /out of memory|heap limit|bad_alloc|allocation failed|ENOMEM|invalid (?:typed )?(?:array|string|array buffer) length|could not allocate|(?:maximum memory|maximum) size exceeded|unable to grow/i;

const memoryAdvice = (): string =>
  l10n.t(
    'Use a smaller "batchSize", a smaller network or less data, or raise the setting "netloom.training.memoryLimit".',
  );

function outOfMemory(): Cause {
  return { code: 'engine/memory', message: `${l10n.t('The engine ran out of memory.')} ${memoryAdvice()}` };
}

export function isOutOfMemory(error: Error & { readonly code?: string }): boolean {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY' || memoryWords.test(error.message);
}

/** The cause if a thread ended with an uncaught error. */
export function causeOfError(error: Error & { readonly code?: string }): Cause {
  if (isOutOfMemory(error)) return outOfMemory();
  return {
    code: 'engine/crashed',
    message: `${l10n.t('The engine failed: {0}', error.message.split('\n', 1)[0])} ${reportAdvice()}`,
  };
}

/** The cause if a thread ended without an error. */
export function causeOfExit(code: number | null): Cause {
  return {
    code: 'engine/crashed',
    message: `${l10n.t('The engine ended unexpectedly (exit code {0}).', String(code))} ${reportAdvice()}`,
  };
}

/** The cause if a process ended; `output` is the end of its standard error. */
export function causeOfDeath(code: number | null, signal: string | null, output: string): Cause {
  if (memoryWords.test(output)) return outOfMemory();
  if (signal === 'SIGKILL')
    return {
      code: 'engine/killed',
      message: `${l10n.t('The engine was killed from outside, most likely by the operating system because memory ran out.')} ${memoryAdvice()}`,
    };
  if (signal !== null)
    return {
      code: 'engine/crashed',
      message: `${l10n.t('The engine was ended by signal {0}.', signal)} ${reportAdvice()}`,
    };
  return causeOfExit(code);
}

const reportAdvice = (): string =>
  l10n.t('Train again. If this happens again, please report it with what "Netloom: Show Log" shows.');

/** "The run crashed at step 120. …" */
export function crashMessage(step: number, { message }: Cause): string {
  return `${l10n.t('The run crashed at step {0}.', step)} ${message}`;
}

/** The message about an engine that died, by its last output and its exit code. */
import { describe, expect, it } from 'vitest';
import { causeOfDeath, causeOfError, crashMessage } from '../../engine/protocol/crash.ts';

const v8 = 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory';

describe('the cause of a process that died', () => {
  it.each([
    ['engine/memory', 'ran out of memory', null, 'SIGABRT', v8],
    ['engine/memory', 'ran out of memory', null, 'SIGTRAP', `#\n# ${v8}\n#`],
    ['engine/memory', 'ran out of memory', 134, null, v8],
    ['engine/memory', 'ran out of memory', null, 'SIGKILL', 'netloom: out of memory: 5000 MB taken'],
    ['engine/memory', 'ran out of memory', null, 'SIGABRT', "terminate called after 'std::bad_alloc'"],
    ['engine/killed', 'killed from outside', null, 'SIGKILL', ''],
    ['engine/crashed', 'signal SIGSEGV', null, 'SIGSEGV', ''],
    ['engine/crashed', 'exit code 3221225477', 3221225477, null, ''],
    ['engine/crashed', 'exit code 7', 7, null, 'a warning'],
  ] as const)('is %s (%s) for exit code %s and signal %s', (code, words, exitCode, signal, output) => {
    const cause = causeOfDeath(exitCode, signal, output);
    expect(cause.code).toBe(code);
    expect(cause.message).toContain(words);
    expect(cause.message).toMatch(code === 'engine/crashed' ? /report/ : /"batchSize"/);
  });
});

describe('the cause of a thread that died', () => {
  const thrownBy = (run: () => unknown): Error => {
    try {
      run();
    } catch (error) {
      return error as Error;
    }
    throw new Error('nothing was thrown');
  };

  it.each([
    ['a typed array', () => new Float64Array(2 ** 50)],
    ['an array', () => new Array(-1)],
    ['a string', () => 'x'.repeat(2 ** 30)],
    ['WebAssembly memory', () => new WebAssembly.Memory({ initial: 1, maximum: 1 }).grow(1)],
    [
      'a heap that is full',
      () => {
        throw Object.assign(new Error('Worker terminated due to reaching memory limit'), {
          code: 'ERR_WORKER_OUT_OF_MEMORY',
        });
      },
    ],
  ])('is missing memory for %s', (_, run) => {
    expect(causeOfError(thrownBy(run)).code).toBe('engine/memory');
  });

  it('is not missing memory after an endless recursion', () => {
    const deeper = (): number => deeper() + 1;
    expect(causeOfError(thrownBy(deeper)).code).toBe('engine/crashed');
  });

  it('is reported with the step and without a stack', () => {
    const message = crashMessage(120, causeOfError(new Error('out of luck\n    at somewhere.ts:1')));
    expect(message).toMatch(/^The run crashed at step 120\. The engine failed: out of luck /);
    expect(message).not.toContain('somewhere');
  });
});

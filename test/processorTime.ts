/** The processor time of a thread. Unlike the clock, it does not advance while other processes have the core. */
import { existsSync, readFileSync } from 'node:fs';

const file = `/proc/self/task/${process.pid}/schedstat`;
const isLinux = existsSync(file);

export interface ThreadTimes {
  /** Milliseconds that the thread has computed, without the compiler and the garbage collector beside it. */
  readonly computed: number;
  /** Milliseconds that it was ready to compute, while other threads had the cores; 0 if the system does not report it. */
  readonly waited: number;
}

/** The times of the main thread, which must be the caller. On systems other than Linux, those of the whole process. */
export function timesOfThread(): ThreadTimes {
  // Linux updates the times of a thread when the process requests its own times, otherwise only at its ticks.
  const computed = processorTime();
  if (!isLinux) return { computed, waited: 0 };
  const [own, waited] = readFileSync(file, 'latin1').split(' ').map(Number);
  return { computed: own / 1e6, waited: waited / 1e6 };
}

/** Milliseconds that all threads of this process have computed. The call takes about 2 µs, a tenth of `timesOfThread`. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

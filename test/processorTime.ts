/** The processor time of a thread. Unlike the clock, it stands still while other processes have the core. */
import { existsSync, readFileSync } from 'node:fs';

const file = `/proc/self/task/${process.pid}/schedstat`;
const isLinux = existsSync(file);

export interface ThreadTimes {
  /** Milliseconds that the thread has computed, without the compiler and the garbage collector beside it. */
  readonly computed: number;
  /** Milliseconds that it was ready to, while other threads had the cores; 0 where the system does not say. */
  readonly waited: number;
}

/** Of the main thread, which must be the one that asks. Where there is no Linux, of the whole process. */
export function timesOfThread(): ThreadTimes {
  // Linux brings the account of the thread up to date when its process asks for its own, and else only at its ticks.
  const computed = processorTime();
  if (!isLinux) return { computed, waited: 0 };
  const [own, waited] = readFileSync(file, 'latin1').split(' ').map(Number);
  return { computed: own / 1e6, waited: waited / 1e6 };
}

/** Milliseconds that all threads of this process have computed. Asking takes about 2 µs, a tenth of `timesOfThread`. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

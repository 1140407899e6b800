/** Finds processes that outlived the suite that started them, directly or not, by marks in their environment. */
import { readdirSync, readFileSync } from 'node:fs';

/** Milliseconds that processes get to end. A busy machine needs many seconds for what usually takes one. */
const patience = 30_000;

function processesWith(marks) {
  const found = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    try {
      const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
      if (!marks.some((mark) => environment.includes(mark))) continue;
      const state = /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'latin1'))?.[1];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      if (state !== 'Z') found.push({ pid: Number(pid), command });
    } catch {
      // The process ended in the meantime, or belongs to another user.
    }
  }
  return found;
}

/** Ends the processes that do not end within a short time, and returns them. Only on Linux; on other systems, it returns nothing. */
export async function survivors(marks) {
  if (process.platform !== 'linux') return [];
  const deadline = Date.now() + patience;
  let found = processesWith(marks);
  while (found.length > 0 && Date.now() < deadline) {
    await new Promise((resolve) => setTimeout(resolve, 200));
    found = processesWith(marks);
  }
  for (const { pid } of found) process.kill(pid, 'SIGKILL');
  return found;
}

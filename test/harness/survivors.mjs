/** Finds processes that outlived the suite that started them, directly or not, by marks in their environment. */
import { readdirSync, readFileSync } from 'node:fs';

const patience = 5000;

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
      // It ended while we looked, or belongs to somebody else.
    }
  }
  return found;
}

/** Those that do not end within a short time are ended, and returned. Linux only; elsewhere nothing is known. */
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

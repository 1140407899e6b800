/** Starts programs in separate process groups and ends whole groups, so that nothing outlives this process. */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const keeper = fileURLToPath(new URL('keeper.mjs', import.meta.url));
const patience = 5000;

/** Functions that end the running programs. They are called when this process exits, for whatever reason. */
const enders = new Set();
process.on('exit', () => {
  for (const end of enders) end();
});

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function signalGroup(group, signal) {
  try {
    process.kill(-group, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

/** Waits for a limited time. Returns false if a process of the group is still alive. */
async function groupIsGone(group) {
  const deadline = Date.now() + patience;
  while (isAlive(-group)) {
    if (Date.now() > deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return true;
}

/**
 * Runs a long-lived program as a group. `output` is a file descriptor or 'pipe'.
 * `stop()` resolves when no process of the group is left. If this process exits, the group is killed at once.
 */
export function startGroup(command, args, { output = 'pipe', ...options } = {}) {
  const child = spawn(process.execPath, [keeper, command, ...args], {
    ...options,
    detached: true,
    stdio: ['pipe', output, output],
  });
  const exited = new Promise((resolve) => child.on('exit', (code, signal) => resolve(code ?? signal)));
  const kill = () => signalGroup(child.pid, 'SIGKILL');
  enders.add(kill);
  const stop = async () => {
    signalGroup(child.pid, 'SIGTERM');
    if (!(await groupIsGone(child.pid))) {
      kill();
      await groupIsGone(child.pid);
    }
    enders.delete(kill);
  };
  return { child, exited, stop };
}

/** Runs a program to its end with the streams of this process. Resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', ...options });
    const end = () => child.kill('SIGTERM');
    enders.add(end);
    child.on('error', reject);
    child.on('exit', (code) => {
      enders.delete(end);
      resolve(code ?? 1);
    });
  });
}

/** Without a network npm tries again, silently. By default it waits more than a minute in between; these are milliseconds. */
const retries = { npm_config_fetch_retry_mintimeout: '1000', npm_config_fetch_retry_maxtimeout: '5000' };

/** The person's npm, on the Node that runs this process. It may be silent for long. */
export function runNpm(args, { log = console.log, ...options } = {}) {
  const settings = { ...options, env: { ...retries, ...process.env } };
  const script = process.env.npm_execpath;
  return withSigns(
    () =>
      script?.endsWith('.js')
        ? run(process.execPath, [script, ...args], settings)
        : run('npm', args, { ...settings, shell: process.platform === 'win32' }),
    log,
  );
}

/** Runs `work` and logs every ten seconds that it is still running. */
export async function withSigns(work, log) {
  const started = Date.now();
  const timer = setInterval(() => log(`  … ${Math.round((Date.now() - started) / 1000)} s`), 10_000);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

/**
 * Resolves with a reason when this process must end: because of a signal, or because the npm that started it has ended (npm ended
 * by SIGTERM does not notify its children). Later signals run `impatient`.
 */
export function askedToEnd(impatient = () => {}) {
  return new Promise((resolve) => {
    let count = 0;
    const end = (reason) => {
      if (++count === 1) resolve(reason);
      else impatient();
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));
    if (process.env.npm_lifecycle_event) {
      const parent = process.ppid;
      const timer = setInterval(() => {
        if (process.ppid === parent) return;
        clearInterval(timer);
        end('npm has ended');
      }, 500);
      timer.unref();
    }
  });
}

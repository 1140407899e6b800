/** `npm start` for a newcomer without a desktop VS Code. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import type { Stage } from './stage.ts';

const address = /http:\/\/127\.0\.0\.1:\d+\S*/;

export function describeStart({ root }: Stage): void {
  describe('npm start', () => {
    /** Starts it as a shell does, waits for the address, ends it with `end` and returns its output. */
    async function startAndEnd(end: (group: number) => void): Promise<{ output: string; status: number }> {
      const script = path.join(root, 'extension', 'scripts', 'start.mjs');
      const child = spawn(process.execPath, [script, '--code-server', '--no-open'], {
        cwd: root,
        detached: true,
      });
      const exited = new Promise((resolve) => child.on('exit', resolve));
      let output = '';
      const url = new Promise<string>((resolve, reject) => {
        for (const stream of [child.stdout, child.stderr]) {
          stream.on('data', (chunk) => {
            output += chunk;
            const found = address.exec(output);
            if (found) resolve(found[0]);
          });
        }
        void exited.then(() => reject(new Error(`npm start ended early:\n${output}`)));
      });
      try {
        const { status } = await fetch(await url);
        end(child.pid!);
        await exited;
        return { output, status };
      } finally {
        child.kill('SIGKILL');
      }
    }

    it('serves the examples on a loopback address until it is asked to end', async () => {
      const { output, status } = await startAndEnd((pid) => process.kill(-pid, 'SIGTERM'));
      assert.equal(status, 200);
      assert.match(output, /examples/);
      assert.match(output, /Ended: SIGTERM\./);
    });

    it('ends at once when it is interrupted twice', async () => {
      const { status } = await startAndEnd((pid) => {
        process.kill(-pid, 'SIGINT');
        setTimeout(() => {
          try {
            process.kill(-pid, 'SIGINT');
          } catch {
            // It has ended already.
          }
        }, 50);
      });
      assert.equal(status, 200);
    });
  });
}

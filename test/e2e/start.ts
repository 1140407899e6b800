/** `npm start` as a newcomer without a desktop VS Code meets it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import type { Stage } from './stage.ts';

const address = /http:\/\/127\.0\.0\.1:\d+\S*/;

export function describeStart({ root, startGroup }: Stage): void {
  describe('npm start', () => {
    /** Starts it, waits for the address, ends it by `end` and gives what it printed. */
    async function startAndEnd(end: (pid: number) => void): Promise<{ output: string; status: number }> {
      const script = path.join(root, 'extension', 'scripts', 'start.mjs');
      const group = startGroup(process.execPath, [script, '--code-server', '--no-open'], { cwd: root });
      let output = '';
      const url = new Promise<string>((resolve, reject) => {
        group.child.stdout?.on('data', (chunk) => {
          output += chunk;
          const found = address.exec(output);
          if (found) resolve(found[0]);
        });
        group.child.stderr?.on('data', (chunk) => {
          output += chunk;
        });
        void group.exited.then(() => reject(new Error(`npm start ended early:\n${output}`)));
      });
      try {
        const { status } = await fetch(await url);
        end(group.child.pid!);
        await group.exited;
        return { output, status };
      } finally {
        await group.stop();
      }
    }

    it('serves the examples on a loopback address until it is told to end', async () => {
      const { output, status } = await startAndEnd((pid) => process.kill(-pid, 'SIGTERM'));
      assert.equal(status, 200);
      assert.match(output, /examples/);
      assert.match(output, /Ended: SIGTERM\./);
    });

    it('ends at once when it is interrupted twice', async () => {
      const { status } = await startAndEnd((pid) => {
        process.kill(-pid, 'SIGINT');
        setTimeout(() => process.kill(-pid, 'SIGINT'), 50);
      });
      assert.equal(status, 200);
    });
  });
}

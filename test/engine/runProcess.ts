/**
 * A process of its own for tests of runs. `contend FOLDER ROUNDS`: takes the folder's lock again and again, and reports
 * whether anybody else held it meanwhile. `save FOLDER`: saves weights of the next version over and over until it is
 * killed, and prints each version that was acknowledged.
 */
import { closeSync, openSync, unlinkSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { nodeFs } from '../../engine/runs/fs.ts';
import { systemLife } from '../../engine/runs/life.ts';
import { Lock } from '../../engine/runs/lock.ts';
import { RunWriter } from '../../engine/runs/writer.ts';

const [task, folder, rounds] = process.argv.slice(2);

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function contend(): Promise<void> {
  const counts = { held: 0, refused: 0, violated: 0 };
  for (let round = 0; round < Number(rounds); round++) {
    const token = `${process.pid.toString(16)}${round.toString(16)}`.padStart(12, '0');
    try {
      const lock = await Lock.take(nodeFs, folder, systemLife, token);
      try {
        closeSync(openSync(join(folder, 'held'), 'wx'));
        counts.held++;
        await pause(round % 3);
        unlinkSync(join(folder, 'held'));
      } catch {
        counts.violated++;
      }
      await lock.release();
    } catch {
      counts.refused++;
    }
    await pause(round % 2);
  }
  process.stdout.write(JSON.stringify(counts));
}

async function save(): Promise<void> {
  const writer = await RunWriter.begin(
    { target: { output: folder }, network: 'a.nn.json', text: '{}', seed: 1 },
    { warn: ({ message }) => writeSync(2, `${message}\n`) },
  );
  for (let version = 1; ; version++) {
    writer.add({ event: 'epoch', epoch: version, step: version, train: { loss: 1 }, seconds: 1 });
    const bytes = Buffer.alloc(200_000, version % 256);
    bytes.writeUInt32LE(version);
    if (await writer.saveWeights(bytes)) writeSync(1, `${version}\n`);
  }
}

void (task === 'contend' ? contend() : save());

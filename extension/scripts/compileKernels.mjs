/** A thread that runs the AssemblyScript compiler, which takes seconds of one core, and writes one of the files that it makes for each job. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { workerData } from 'node:worker_threads';
import asc from 'assemblyscript/asc';

const { root, source, jobs } = workerData;
const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];

for (const { options, file, result } of jobs) {
  const written = new Map();
  const { error, stderr } = await asc.main(
    [
      path.relative(root, source),
      ...['--baseDir', root, '--outFile', 'kernels.wasm'],
      ...['--disableWarning', '201', '--noAssert', '--runtime', 'stub'],
      ...['--enable', 'simd', '--enable', 'threads', ...memory, ...options],
    ],
    { writeFile: (name, contents) => written.set(name, contents) },
  );
  if (error) throw new Error(`kernels: ${stderr.toString()}`);
  writeFileSync(result, written.get(file));
}

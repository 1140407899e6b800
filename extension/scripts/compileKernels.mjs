/** A thread that runs the AssemblyScript compiler, which takes seconds of one core, and answers with one of the files that it writes. */
import path from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import asc from 'assemblyscript/asc';

const { root, source, options, file } = workerData;
const written = new Map();
const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
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
parentPort.postMessage(written.get(file));

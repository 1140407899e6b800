/** Compiles the AssemblyScript kernels twice: with relaxed SIMD (fused multiply-add) and without. */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = path.join(root, 'engine/kernels/wasm/assembly');
const target = (build) => path.join(root, `dist/kernels/${build}.wasm`);

/** Skips the two and a half seconds when nothing has changed. */
export async function buildKernels() {
  mkdirSync(path.join(root, 'dist/kernels'), { recursive: true });
  const newest = Math.max(...readdirSync(sources).map((file) => statSync(path.join(sources, file)).mtimeMs));
  const fresh = ['relaxed', 'plain'].every(
    (build) => existsSync(target(build)) && statSync(target(build)).mtimeMs > newest,
  );
  if (fresh) return;
  const { default: asc } = await import('assemblyscript/asc');
  for (const build of ['relaxed', 'plain']) {
    const features = [
      '--enable',
      'simd',
      '--enable',
      'threads',
      ...(build === 'relaxed' ? ['--enable', 'relaxed-simd'] : []),
    ];
    const memory = ['--importMemory', '--sharedMemory', '--initialMemory', '1', '--maximumMemory', '65536'];
    const files = [
      path.relative(root, path.join(sources, 'index.ts')),
      '--outFile',
      path.relative(root, target(build)),
      '--baseDir',
      root,
    ];
    const { error, stderr } = await asc.main([
      ...files,
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      ...features,
      ...memory,
    ]);
    if (error) throw new Error(`kernels: ${stderr.toString()}`);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();

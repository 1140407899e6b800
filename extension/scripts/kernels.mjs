/**
 * Compiles the AssemblyScript kernels twice, with relaxed SIMD (fused multiply-add) and without, and bundles the
 * helper thread that runs them beside the engine. Unit tests need just these, not the whole build.
 */
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = path.join(root, 'engine/kernels/wasm/assembly');
const target = (build) => path.join(root, `dist/kernels/${build}.wasm`);

export async function buildKernels() {
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: ['engine/kernels/wasm/helper.ts'],
    outfile: 'dist/kernels/helper.cjs',
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20.19',
    mainFields: ['module', 'main'],
  });
  await compileModules();
}

/** Skips the two and a half seconds when nothing has changed. */
async function compileModules() {
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
      '--disableWarning',
      '201',
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

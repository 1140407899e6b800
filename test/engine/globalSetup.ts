/** Compiles the kernels once before all unit tests. */
export async function setup(): Promise<void> {
  // @ts-expect-error The build scripts are plain JavaScript.
  const { buildKernels } = await import('../../extension/scripts/kernels.mjs');
  await buildKernels();
}

/** Builds the engine once before all unit tests. */
export async function setup(): Promise<void> {
  // @ts-expect-error The build scripts are plain JavaScript.
  const { buildEngine } = await import('../../extension/scripts/build.mjs');
  await buildEngine();
}

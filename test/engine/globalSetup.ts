/** Before all unit tests, builds the engine and makes a folder for their files; removes it after them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    /** A folder that exists until all tests have run. */
    readonly temporaryFolder: string;
  }
}

/** Vitest calls this for each project and for all of them together, which is enough. */
export async function setup(project: TestProject): Promise<(() => void) | undefined> {
  if (!project.isRootProject()) return undefined;
  // @ts-expect-error The build scripts are plain JavaScript.
  const { buildEngine } = await import('../../extension/scripts/build.mjs');
  await buildEngine();
  const folder = mkdtempSync(path.join(tmpdir(), 'netloom-unit-'));
  project.provide('temporaryFolder', folder);
  // A browser that has just ended may still write its profile.
  return () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

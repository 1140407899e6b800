/** `netloom replay FILE`: writes a page that replays a run of a network in any browser. Never replaces a file. */
import { basename, dirname, resolve } from 'node:path';
import { newestRun } from '../runs/reader.ts';
import { replayPage, replaySource } from '../runs/replayPage.ts';
import { ProblemError } from '../schema/problem.ts';
import { writeNew } from './new.ts';
import type { Given } from './options.ts';
import { complain, print, say } from './terminal.ts';

/** With the folder of the bundles. */
type ReplayOptions = Given<'newFile' | 'run'> & { readonly dist: string };

export async function replayRun(file: string, { newFile, run, dist }: ReplayOptions): Promise<number> {
  const fail = (message: string): number => {
    complain(`netloom: error: ${message}`);
    return 1;
  };
  try {
    const folder = run ?? (await newestRun(dirname(resolve(file)), basename(file)))?.folder;
    const source = folder === undefined ? undefined : await replaySource(folder, nameOf(file));
    if (!source)
      return fail(
        run === undefined
          ? `${file} has no run yet. Run "netloom train ${file}" first, or name the folder of a run with --run.`
          : `there is no run in ${run}. Name a folder that "netloom train" has written.`,
      );
    const page = await replayPage(dist, source);
    if (page === undefined) return fail(`the network that ran in ${folder} cannot be read.`);
    if (newFile === undefined) {
      print(page);
      return 0;
    }
    const problem = writeNew(newFile, page);
    if (problem !== undefined) return fail(problem);
    say(`${newFile}: replays the run in ${folder}`);
    return 0;
  } catch (error) {
    if (error instanceof ProblemError) return fail(error.message);
    throw error;
  }
}

const nameOf = (file: string): string => basename(file).replace(/\.nn\.json$/, '');

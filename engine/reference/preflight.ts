/** The page of the pre-flight checks. */
import { preflightChecks } from '../preflight/registry.ts';

export const preflightPage = (): string =>
  [
    '# Pre-flight checks',
    'Checks that a network should pass before a long training. Run them from the Test Explorer, with the command *Netloom: Run Pre-flight Checks*, or with `netloom preflight FILE`. They train only for a moment, write nothing, and give the same results each time.',
    ...preflightChecks.map(({ key, title, doc }) => `## ${title}\n\n\`${key}\`. ${doc}`),
  ].join('\n\n');

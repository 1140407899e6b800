/** The problems that a run has reported, at their places in the text: what is wrong with the data, findings, and why it failed. */
import type * as vscode from 'vscode';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { findingKey } from '../../engine/protocol/findings.ts';
import type { End } from '../../engine/protocol/training.ts';
import type { Path } from '../../engine/schema/attributes.ts';
import type { Diagnostic } from '../../engine/spec/document.ts';
import { Source } from '../../engine/spec/source.ts';
import { readSyntax } from '../../engine/spec/syntax.ts';
import type { Networks } from '../networks.ts';
import type { Runs } from './runs.ts';

export interface RunProblem extends Omit<Diagnostic, 'code'> {
  readonly code: string | undefined;
  readonly isFinding: boolean;
}

/**
 * What a run of this window, or the moment of a run that the person looks at, has reported, while the text is that of the run. What an
 * earlier run found is shown only when a person opens it: its data may be others by now.
 */
export function problemsOfRun(document: vscode.TextDocument, runs: Runs): readonly RunProblem[] {
  const { uri } = document;
  const isLookedAt = runs.opened(uri) !== undefined || runs.moment(uri) !== undefined;
  const record = isLookedAt ? runs.shown(uri) : runs.get(uri)?.record;
  const text = document.getText();
  if (!record || text !== record.text) return [];
  const end = isLookedAt ? undefined : runs.get(uri)?.end;
  const reported = reportedBy(record.events, end?.reason === 'failed' ? end : undefined);
  if (reported.length === 0) return [];
  const source = new Source(readSyntax(text).root);
  return reported.map(({ layer: named, path, ...one }) => {
    const layer = named ?? layerIn(path);
    const place = { path: source.definitionOf(path), range: source.range(path, 'value') };
    return { ...one, ...place, ...(layer === undefined ? {} : { layer }) };
  });
}

/** Those that the text alone does not show. */
export function newProblemsOfRun(
  document: vscode.TextDocument,
  networks: Networks,
  runs: Runs,
): readonly Diagnostic[] {
  const problems = problemsOfRun(document, runs);
  if (problems.length === 0) return [];
  const known = new Set(networks.analysis(document).diagnostics.map(({ message }) => message));
  return problems.flatMap(({ isFinding: _, code = '', ...one }) =>
    known.has(one.message) ? [] : [{ ...one, code }],
  );
}

/** Whether an event reports a problem: a warning about the data, a finding, or why the run failed. */
export const hasProblem = (event: TrainingEvent): boolean =>
  'warnings' in event || event.event === 'finding' || ('reason' in event && event.reason === 'failed');

type Reported = Omit<RunProblem, 'range' | 'layer'> & { readonly layer?: string | undefined };

/** In the order reported. */
function reportedBy(events: readonly TrainingEvent[], failure: End | undefined): readonly Reported[] {
  const problems = new Map<string, Reported>();
  for (const event of events) {
    if ('warnings' in event)
      for (const warning of event.warnings ?? [])
        problems.set(warning.message, { ...warning, severity: 'warning', isFinding: false });
    if (event.event === 'finding') {
      const { code, message, path, severity, layer, fix } = event;
      const finding = { code, message, path, severity, layer, isFinding: true };
      problems.set(findingKey(event), fix ? { ...finding, fix } : finding);
    }
  }
  const { message, code, path = [], fix } = failure ?? {};
  // A problem without a place is not in the text, or the text cannot show it.
  if (message && path.length > 0) {
    const problem = { path, message, code, severity: 'error', isFinding: false } as const;
    problems.set(message, fix ? { ...problem, fix } : problem);
  }
  return [...problems.values()];
}

/** The layer that a path leads to or into. */
const layerIn = ([section, name]: Path): string | undefined =>
  section === 'layers' && name !== undefined ? String(name) : undefined;

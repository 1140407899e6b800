/**
 * The fixes that a person has put into the text. The run in view is one of the text before, so its findings cannot show it. Undo takes a
 * fix out of the text, and redo puts it back; a person may also change by hand what it says. VS Code keeps this while the tab is hidden,
 * so it has short digests of texts.
 */
import { create } from 'zustand';
import { type Names, quotedNames } from '../../engine/spec/renaming.ts';
import type { NetworkView } from './network.ts';
import { renamedStatements, type Statement, saidOtherwise, says } from './statements.ts';

/** What distinguishes the fix of a finding from others of the same network. */
export const fixKey = (
  { code, layer = '' }: { readonly code: string; readonly layer?: string | undefined },
  title: string,
): string => [code, layer, title].join('\n');

function renamedKey(key: string, names: Names): string {
  const [code, ...parts] = key.split('\n');
  return [
    code,
    ...parts.map((part, index) => (index === 0 ? names.full(part) : quotedNames(part, names))),
  ].join('\n');
}

interface AppliedFix {
  /** Its `fixKey`. */
  readonly finding: string;
  /** Digests of the text of the network before and after it. */
  readonly before: string;
  readonly after: string;
  /** What it made the text say. */
  readonly said: readonly Statement[];
}

export interface AppliedFixes {
  /** Digest of the text that the run in view trains. */
  readonly run: string | undefined;
  /** In the order in which they were applied. */
  readonly all: readonly AppliedFix[];
  /** How many of them are in the text. Undo has taken out the others. */
  readonly count: number;
  /** The findings of those that the text no longer says. */
  readonly unsaid: readonly string[];
}

const none = { all: [], count: 0, unsaid: [] };

export const useAppliedFixes = create<AppliedFixes>()(() => ({ run: undefined, ...none }));

function digestOf(text: string): string {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(31, hash) + text.charCodeAt(i)) | 0;
  return `${text.length} ${hash}`;
}

/** Whether the fix of a finding is in the text. */
export const isApplied =
  (finding: string) =>
  ({ all, count, unsaid }: AppliedFixes): boolean =>
    all.slice(0, count).some((fix) => fix.finding === finding) && !unsaid.includes(finding);

/** The network before and after it. */
export const noteAppliedFix = (finding: string, before: NetworkView, after: NetworkView): void =>
  useAppliedFixes.setState(({ all, count, unsaid }) => ({
    all: [
      ...all.slice(0, count),
      {
        finding,
        before: digestOf(before.text),
        after: digestOf(after.text),
        said: saidOtherwise(before.whole, after.whole),
      },
    ],
    count: count + 1,
    unsaid: unsaid.filter((other) => other !== finding),
  }));

/** The text of the network has changed, to one that can be read. */
export function followAppliedFixes({ text, whole }: NetworkView): void {
  const { all, count } = useAppliedFixes.getState();
  if (all.length === 0) return;
  const now = digestOf(text);
  const undone = all.findIndex(({ before }, index) => index < count && before === now);
  const redone = all.findLastIndex(({ after }, index) => index >= count && after === now);
  if (undone >= 0) useAppliedFixes.setState({ count: undone });
  else if (redone >= 0) useAppliedFixes.setState({ count: redone + 1 });
  const areSaid = says(whole);
  useAppliedFixes.setState({
    unsaid: all.filter(({ said }) => !areSaid(said)).map(({ finding }) => finding),
  });
}

/** The text has other names for layers now. */
export const renameAppliedFixes = (names: Names): void =>
  useAppliedFixes.setState(({ all, unsaid }) => ({
    all: all.map((fix) => ({
      ...fix,
      finding: renamedKey(fix.finding, names),
      said: renamedStatements(fix.said, names),
    })),
    unsaid: unsaid.map((finding) => renamedKey(finding, names)),
  }));

export const forgetAppliedFixes = (): void => useAppliedFixes.setState(none);

/** Those of the page that was hidden, until it is known whether the same run is in view. */
let kept: AppliedFixes | undefined;

/** An earlier version kept less about them. */
export const keepAppliedFixes = (fixes: Partial<AppliedFixes> | undefined): void => {
  kept = Array.isArray(fixes?.unsaid) ? (fixes as AppliedFixes) : undefined;
};

/** A run of the text `ran` is in view; its layers may only have got other names. */
export function seeRun(ran: string, view: NetworkView | undefined): void {
  const run = digestOf(ran);
  useAppliedFixes.setState(kept?.run === run ? kept : { run });
  if (kept?.run === run && view) followAppliedFixes(view);
  kept = undefined;
}

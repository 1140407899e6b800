/** The findings of the run's diagnosis: severity, layer, number, and buttons that apply the fix or try it first. */
import * as l10n from '@vscode/l10n';
import { useMemo } from 'react';
import type { EventOfKind } from '../../engine/protocol/events.ts';
import { findingKey, named } from '../../engine/protocol/findings.ts';
import { severities } from '../../engine/schema/severity.ts';
import { counted, countText } from '../../engine/schema/text.ts';
import { type Group, grouped } from '../../engine/spec/grouped.ts';
import { Icon } from '../controls/Icon.tsx';
import { command, explain, perform, tryFix } from '../host.ts';
import { fixKey, isApplied, noteAppliedFix, useAppliedFixes } from '../model/appliedFixes.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import { useFindingPages } from '../model/findingPages.ts';
import type { NetworkView } from '../model/network.ts';
import { useApplying, useIsOtherText } from '../model/otherText.ts';
import { standingOfRun, useRun } from '../model/run.ts';

type Finding = EventOfKind<'finding'>;

/** A fix was kept: the findings are those of the text before it. */
interface OfText {
  readonly kept: boolean;
}

/** Whether fixes are offered. A finding of another text says so instead. */
function useFixability(kept: boolean): { readonly isOther: boolean; readonly fixable: boolean } {
  const isOther = useIsOtherText() && !kept;
  return { isOther, fixable: useEditor(isEditable) && !kept && !isOther };
}

/**
 * One line above the curves, always as high, so that nothing moves when findings arrive or the run ends: how many findings there are,
 * and what can be tried. The findings themselves are below the curves.
 */
export function FindingsHead({ kept }: OfText) {
  const findings = useRun((run) => run.findings);
  const hasEnded = useRun(({ end }) => end !== undefined && end.reason !== 'failed');
  const running = useEditor(({ runState }) => runState.state !== 'idle');
  const drawn = useRun(({ series }) => series.metrics.length > 0);
  const editable = useEditor(isEditable) && !kept;
  const repairable =
    useFixability(kept).fixable && findings.some(({ fix, severity }) => fix && severity !== 'info');
  const doubtful = useRun((run) => standingOfRun(run) !== 'better');
  const [worst] = severities.filter((severity) => findings.some((finding) => finding.severity === severity));
  if (!worst && !drawn && !hasEnded) return null;
  return (
    <div className="findings-head">
      {worst ? (
        <button
          type="button"
          className={`findings-count ${worst}`}
          title={l10n.t('Show the findings, or the curves again')}
          onClick={({ currentTarget }) => turnPage(currentTarget)}
        >
          <Icon name={worst} />
          {counted(findings.length, 'findings')}
          <Icon name="chevron-down" className="findings-more" />
        </button>
      ) : (
        <span>{running ? l10n.t('No findings so far') : l10n.t('No findings')}</span>
      )}
      <div className="finding-actions">
        {repairable && <RepairButton />}
        {editable && hasEnded && <HoldsBackButton isUrgent={doubtful} />}
      </div>
    </div>
  );
}

/** Scrolls to the findings or, if they are there already, back to the curves. */
function turnPage(within: HTMLElement): void {
  const body = within.closest('.run-body');
  const list = body?.querySelector('.run-findings');
  const head = within.closest('.findings-head');
  if (!body || !list || !head) return;
  const hidden = list.getBoundingClientRect().top - head.getBoundingClientRect().bottom;
  const findings = Math.min(body.scrollTop + hidden, body.scrollHeight - body.clientHeight);
  // To the findings from wherever a person has scrolled, except from there.
  body.scrollTop = body.scrollTop < findings - 1 ? findings : 0;
}

export function Findings({ kept }: OfText) {
  const findings = useRun((run) => run.findings);
  const { fixable, isOther } = useFixability(kept);
  const groups = useMemo(() => grouped(findings), [findings]);
  if (findings.length === 0) return null;
  return (
    <ul className="run-warnings run-findings" aria-label={l10n.t('Findings')}>
      {groups.map((group) => (
        <FindingRow key={findingKey(group.first)} group={group} fixable={fixable} isOther={isOther} />
      ))}
    </ul>
  );
}

interface FindingRowProps {
  readonly group: Group<Finding>;
  readonly fixable: boolean;
  /** Whether it was found in another text. */
  readonly isOther: boolean;
}

function FindingRow({ group: { first, members, message, fix }, fixable, isOther }: FindingRowProps) {
  const { severity, code, step } = first;
  const explained = useFindingPages(({ codes }) => codes.has(code));
  const when = step === 0 ? l10n.t('Before the first step.') : l10n.t('Found at step {0}.', countText(step));
  return (
    <li className={severity}>
      <Icon name={severity} />
      <span>
        {message} <span className="finding-step">{when}</span>{' '}
        {isOther && <span className="finding-step">{l10n.t('The network has changed since.')} </span>}
        {explained ? (
          <button
            type="button"
            className="text-button finding-page"
            title={l10n.t('What this finding means, and what helps')}
            onClick={() => explain(code)}
          >
            {code}
          </button>
        ) : (
          <span className="finding-step">{code}</span>
        )}
      </span>
      {fix && fixable && <FixOf members={members} fix={fix} />}
    </li>
  );
}

type FindingFix = NonNullable<Finding['fix']>;

function FixOf({ members, fix }: { readonly members: readonly Finding[]; readonly fix: FindingFix }) {
  const key = fixKey(members[0], fix.title);
  const applied = useAppliedFixes(isApplied(key));
  return (
    <div className="finding-actions">
      <ApplyFix name={key} fix={fix} />
      {!applied && (
        <button
          type="button"
          className="finding-fix"
          title={l10n.t('Train with and without this fix, and compare: {0}', fix.title)}
          onClick={() => tryFix(named(members))}
        >
          {l10n.t('Try')}
        </button>
      )}
    </div>
  );
}

/** Puts a fix into the text. `name` distinguishes it from other fixes of this network. */
export function ApplyFix({ name, fix }: { readonly name: string; readonly fix: FindingFix }) {
  return useAppliedFixes(isApplied(name)) ? (
    <span className="finding-applied" tabIndex={-1}>
      <Icon name="check" />
      {l10n.t('In the text')}
    </span>
  ) : (
    <button
      type="button"
      className="finding-fix"
      title={fix.title}
      onClick={({ currentTarget }) => void apply(currentTarget, name, fix.edit)}
    >
      {fix.title}
    </button>
  );
}

async function apply(button: HTMLElement, finding: string, edit: FindingFix['edit']): Promise<void> {
  useApplying.setState({ applying: true });
  await applied(button, finding, edit);
  useApplying.setState({ applying: false });
}

async function applied(button: HTMLElement, finding: string, edit: FindingFix['edit']): Promise<void> {
  let before: NetworkView | undefined;
  const done = await perform((view) => {
    before = view;
    return { edit, ofNetwork: true };
  });
  const { view: after } = useEditor.getState();
  if (!done || !before || !after) return;
  const { parentElement } = button;
  const hadFocus = document.activeElement === button;
  noteAppliedFix(finding, before, after);
  // The mark replaces the button. Keys then continue from there, not from the beginning of the page.
  if (hadFocus)
    requestAnimationFrame(() => parentElement?.querySelector<HTMLElement>('.finding-applied')?.focus());
}

/** For a network whose result is worse than it could be, and that shows no cause. A good result has it as a quiet offer. */
const HoldsBackButton = ({ isUrgent }: { readonly isUrgent: boolean }) => (
  <button
    type="button"
    className={isUrgent ? 'finding-fix' : 'text-button'}
    title={l10n.t('Train with usual choices, one change at a time, and see which is clearly better')}
    onClick={() => command('findWhatHoldsBack')}
  >
    {l10n.t('Find What Holds It Back')}
  </button>
);

/** For all findings at once. */
const RepairButton = () => (
  <button
    type="button"
    className="finding-fix"
    title={l10n.t('Try fixes one after another, and keep those that help')}
    onClick={() => command('repair')}
  >
    {l10n.t('Repair')}
  </button>
);

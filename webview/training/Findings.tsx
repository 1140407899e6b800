/** The findings of the run's diagnosis: severity, layer, number, and buttons that apply the fix or try it first. */
import * as l10n from '@vscode/l10n';
import type { EventOfKind } from '../../engine/protocol/events.ts';
import { Icon } from '../controls/Icon.tsx';
import { command, perform, tryFix } from '../host.ts';
import { isEditable, useEditor } from '../model/editor.ts';
import { useRun } from '../model/run.ts';

type Finding = EventOfKind<'finding'>;

const icons: { readonly [S in Finding['severity']]: string } = {
  error: 'error',
  warning: 'warning',
  info: 'info',
};

export function Findings() {
  const findings = useRun((run) => run.findings);
  if (findings.length === 0) return null;
  return (
    <ul className="run-warnings run-findings" aria-label={l10n.t('Findings')}>
      {findings.map((finding) => (
        <FindingRow key={`${finding.code} ${finding.layer ?? ''}`} finding={finding} />
      ))}
      <RepairButton findings={findings} />
    </ul>
  );
}

function FindingRow({ finding }: { readonly finding: Finding }) {
  const { severity, message, code, step, fix } = finding;
  const editable = useEditor(isEditable);
  const where = step === 0 ? l10n.t('before the first step') : l10n.t('at step {0}', step);
  return (
    <li className={severity}>
      <Icon name={icons[severity]} />
      <span title={`${code}, ${where}`}>{message}</span>
      {fix && editable && (
        <div className="finding-actions">
          <button
            type="button"
            className="finding-fix"
            title={fix.title}
            onClick={() => void perform(() => ({ edit: fix.edit, ofNetwork: true }))}
          >
            {fix.title}
          </button>
          <button
            type="button"
            className="finding-fix"
            title={l10n.t('Train with and without this fix, and compare: {0}', fix.title)}
            onClick={() => tryFix(finding)}
          >
            {l10n.t('Try')}
          </button>
        </div>
      )}
    </li>
  );
}

/** For all findings at once, if an edit fixes at least one. */
function RepairButton({ findings }: { readonly findings: readonly Finding[] }) {
  const editable = useEditor(isEditable);
  if (!editable || !findings.some(({ fix, severity }) => fix && severity !== 'info')) return null;
  return (
    <li className="repair">
      <button
        type="button"
        className="finding-fix"
        title={l10n.t('Try fixes one after another, and keep those that help')}
        onClick={() => command('repair')}
      >
        {l10n.t('Repair')}
      </button>
    </li>
  );
}

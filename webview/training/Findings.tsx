/** The findings of the run's diagnosis: severity, layer, number, and a button that applies the fix. */
import * as l10n from '@vscode/l10n';
import type { EventOfKind } from '../../engine/protocol/events.ts';
import { Icon } from '../controls/Icon.tsx';
import { perform } from '../host.ts';
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
    </ul>
  );
}

function FindingRow({ finding: { severity, message, code, step, fix } }: { readonly finding: Finding }) {
  const editable = useEditor(isEditable);
  const where = step === 0 ? l10n.t('before the first step') : l10n.t('at step {0}', step);
  return (
    <li className={severity}>
      <Icon name={icons[severity]} />
      <span title={`${code}, ${where}`}>{message}</span>
      {fix && editable && (
        <button
          type="button"
          className="finding-fix"
          title={fix.title}
          onClick={() => void perform(() => ({ edit: fix.edit }))}
        >
          {fix.title}
        </button>
      )}
    </li>
  );
}

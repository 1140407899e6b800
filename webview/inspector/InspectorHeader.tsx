/** The top of the inspector: its subject, and a button that hides it. */
import * as l10n from '@vscode/l10n';
import { Icon } from '../controls/Icon.tsx';
import { IconButton } from '../controls/IconButton.tsx';
import { inspectorKey, usePanels } from '../model/panels.ts';
import { useNarrow } from '../theme/useNarrow.ts';

interface InspectorHeaderProps {
  readonly icon: string;
  readonly colour?: string;
  readonly title: string;
  readonly subtitle?: string;
}

export function InspectorHeader({ icon, colour, title, subtitle }: InspectorHeaderProps) {
  const narrow = useNarrow();
  return (
    <header className="inspector-header">
      <Icon name={icon} colour={colour} />
      <h2 title={title}>{title}</h2>
      {subtitle && <span className="muted">{subtitle}</span>}
      <IconButton
        icon="close"
        title={l10n.t('Hide the inspector')}
        onClick={() => usePanels.setState({ [inspectorKey(narrow)]: false })}
      />
    </header>
  );
}

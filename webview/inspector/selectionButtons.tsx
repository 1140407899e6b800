/** Buttons for actions on whole layers. */
import * as l10n from '@vscode/l10n';
import { remove } from '../canvas/actions.ts';
import { double } from '../canvas/copying.ts';
import { IconButton } from '../controls/IconButton.tsx';

export const duplicateAndRemoveButtons = (names: readonly string[], editable: boolean) => (
  <>
    <IconButton
      icon="copy"
      text={l10n.t('Duplicate')}
      title={l10n.t('Duplicate')}
      disabled={!editable}
      onClick={() => double(names)}
    />
    <IconButton
      icon="trash"
      text={l10n.t('Delete')}
      title={l10n.t('Delete')}
      disabled={!editable}
      onClick={() => remove(names)}
    />
  </>
);

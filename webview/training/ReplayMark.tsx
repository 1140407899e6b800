/** A mark while an earlier moment of the run is shown. */
import * as l10n from '@vscode/l10n';
import { countText } from '../../engine/schema/text.ts';
import { Icon } from '../controls/Icon.tsx';
import { useRun } from '../model/run.ts';
import { goLive } from './seeking.ts';

interface ReplayMarkProps {
  /** Without it, another button near it returns to the newest state. */
  readonly withButton: boolean;
}

export function ReplayMark({ withButton }: ReplayMarkProps) {
  const replay = useRun((run) => run.replay);
  if (!replay) return null;
  return (
    <div
      className="replay-mark"
      title={l10n.t(
        'The graph shows step {0} of a recorded run, not its newest state.',
        countText(replay.step),
      )}
    >
      <Icon name="history" />
      <span>{l10n.t('Replay, step {0}', countText(replay.step))}</span>
      {withButton && (
        <button
          type="button"
          className="small-button"
          title={l10n.t('Show the newest state of the run')}
          onClick={goLive}
        >
          {l10n.t('Live')}
        </button>
      )}
    </div>
  );
}

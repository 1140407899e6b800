/**
 * Replays a run: a slider over its readings, a button that plays them, and one that returns to the newest state. Graph, text,
 * details and findings show the reading at the slider's position.
 */
import * as l10n from '@vscode/l10n';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { countText } from '../../engine/schema/text.ts';
import { Icon } from '../controls/Icon.tsx';
import { IconButton } from '../controls/IconButton.tsx';
import { paceOf } from '../controls/pace.ts';
import { command } from '../host.ts';
import { useRun } from '../model/run.ts';
import { prefersCalm } from '../theme/prefersCalm.ts';
import { goBy, goLive, goTo, goToEnd, goToStart, isSeeking } from './seeking.ts';

/** Readings that Page Up and Page Down skip. */
const page = 10;

const keys: { readonly [key: string]: () => void } = {
  ArrowLeft: () => goBy(-1),
  ArrowDown: () => goBy(-1),
  ArrowRight: () => goBy(1),
  ArrowUp: () => goBy(1),
  PageDown: () => goBy(-page),
  PageUp: () => goBy(page),
  Home: goToStart,
  End: goToEnd,
};

export function Scrubber() {
  const replay = useRun((run) => run.replay);
  const newest = useRun(({ step }) => step?.step ?? 1);
  const opened = useRun((run) => run.opened);
  const { playing, setPlaying } = usePlaying();
  const [first, last] = [replay?.first ?? 1, replay?.last ?? newest];
  const at = replay?.step ?? last;
  const drag = useDrag();
  const where = replay
    ? l10n.t('step {0} of {1}', countText(at), countText(last))
    : l10n.t('newest, step {0}', countText(newest));
  const press = (event: KeyboardEvent) => {
    const move = event.ctrlKey || event.metaKey || event.altKey ? undefined : keys[event.key];
    if (!move) return;
    event.preventDefault();
    setPlaying(false);
    move();
  };
  return (
    <section className={`scrubber ${replay ? 'replaying' : ''}`} aria-label={l10n.t('Replay')}>
      <IconButton
        icon={playing ? 'debug-pause' : 'play'}
        title={playing ? l10n.t('Pause the replay') : l10n.t('Replay the run')}
        onClick={() => setPlaying(!playing)}
      />
      <input
        type="range"
        className="scrubber-slider"
        min={first}
        max={Math.max(first, last)}
        step="any"
        value={drag.at ?? at}
        {...drag.handlers}
        aria-label={l10n.t('Step whose statistics are shown')}
        aria-valuetext={where}
        title={l10n.t('Arrow keys go to the previous and next reading, Page Up and Page Down by {0}', page)}
        onChange={({ target }) => {
          setPlaying(false);
          drag.to(Number(target.value));
        }}
        onKeyDown={press}
      />
      <span className="scrubber-place">
        <Icon name={replay ? 'history' : 'pulse'} />
        <span>{where}</span>
      </span>
      <button
        type="button"
        className="small-button"
        disabled={!replay && !opened}
        title={
          opened
            ? l10n.t('Show the last run of the network again')
            : l10n.t('Show the newest state of the run')
        }
        onClick={() => {
          setPlaying(false);
          if (opened) command('endReplay');
          else goLive();
        }}
      >
        {opened ? l10n.t('Last run') : l10n.t('Live')}
      </button>
      <IconButton icon="history" title={l10n.t('Show an earlier run')} onClick={() => command('replayRun')} />
      <IconButton
        icon="export"
        title={l10n.t('Export the run as an HTML page that replays it')}
        onClick={() => command('exportReplay')}
      />
    </section>
  );
}

/** During a drag, the slider is at the pointer, not at the reading that was shown last. */
function useDrag() {
  const replay = useRun((run) => run.replay);
  const [at, setAt] = useState<number>();
  const pressed = useRef(false);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new moment ends what was dragged before.
  useEffect(() => {
    if (!pressed.current && !isSeeking()) setAt(undefined);
  }, [replay]);
  const release = () => {
    pressed.current = false;
    if (!isSeeking()) setAt(undefined);
  };
  return {
    at,
    to: (step: number) => {
      if (pressed.current) setAt(step);
      goTo(step);
    },
    handlers: {
      onPointerDown: () => {
        pressed.current = true;
      },
      onPointerUp: release,
      onPointerCancel: release,
    },
  };
}

/** Plays from the moment that is shown, or from the start, until the last reading. */
function usePlaying() {
  const [playing, setPlaying] = useState(false);
  const replay = useRun((run) => run.replay);
  useEffect(() => {
    if (!playing) return;
    const ended = useRun.getState().replay;
    if (!ended || ended.index === ended.count - 1) goToStart();
  }, [playing]);
  useEffect(() => {
    if (!playing || !replay) return;
    const { move, wait } = paceOf(replay.count, prefersCalm());
    const timer = setTimeout(() => {
      if (replay.index === replay.count - 1) setPlaying(false);
      else goBy(move);
    }, wait);
    return () => clearTimeout(timer);
  }, [playing, replay]);
  return { playing, setPlaying };
}

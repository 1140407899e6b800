/**
 * Parts of the page that are not needed to open it. A part `onDemand` is loaded when it is first shown. A part `afterOpening` is
 * loaded as soon as the page is drawn, so that it is ready when a person first needs it. The place of a part is reserved meanwhile.
 * If it cannot be loaded, its place says so and offers to try again, and the rest of the page still works.
 */
import * as l10n from '@vscode/l10n';
import { type ComponentType, useEffect, useState } from 'react';

/** The component of a module. */
type Choose<M, P> = (module: M) => ComponentType<P>;

/** A component of the module that `load` imports when it is first drawn. An element of the class `place` has its size until then. */
export const onDemand = <M, P extends object>(
  load: () => Promise<M>,
  choose: Choose<M, P>,
  place: string,
): ComponentType<P> => partOf(load, choose, place).OnDemand;

/** What `loadWaiting` loads; undefined once it has. A part that is declared later is loaded at once. */
let waiting: Set<() => Promise<unknown>> | undefined = new Set();

/** A part that fails is loaded again when it is drawn, and reports failures then. */
const loadEarly = (loadOnce: () => Promise<unknown>): void => void loadOnce().catch(() => {});

/** Like `onDemand`, but loaded before it is first drawn if the page has had an idle moment. */
export function afterOpening<M, P extends object>(
  load: () => Promise<M>,
  choose: Choose<M, P>,
  place: string,
): ComponentType<P> {
  const { OnDemand, loadOnce } = partOf(load, choose, place);
  if (waiting) waiting.add(loadOnce);
  else loadEarly(loadOnce);
  return OnDemand;
}

/** Loads the parts `afterOpening` when the page is idle. */
export function loadWaiting(): void {
  const loadAll = () => {
    waiting?.forEach(loadEarly);
    waiting = undefined;
  };
  // During training, the page has no idle moment.
  requestIdleCallback(loadAll, { timeout: 500 });
}

/**
 * Imports a module again that could not be loaded. A browser remembers the failure of an address, so the address of its message is
 * requested with another query. A browser whose message has none may import the module itself again.
 */
async function loadAgain<M>(load: () => Promise<M>, failure: unknown, attempt: number): Promise<M> {
  const address = /\S+:\/\/[^\s?]+/.exec(String(failure))?.[0];
  return address === undefined ? load() : ((await import(`${address}?attempt=${attempt}`)) as M);
}

function partOf<M, P extends object>(load: () => Promise<M>, choose: Choose<M, P>, place: string) {
  let loaded: ComponentType<P> | undefined;
  let failures = 0;
  let failure: unknown;
  const loadOnce = async () => {
    try {
      loaded ??= choose(await (failures === 0 ? load() : loadAgain(load, failure, failures)));
    } catch (error) {
      failures++;
      failure = error;
      throw error;
    }
    return loaded;
  };

  function OnDemand(props: P) {
    const [Part, setPart] = useState(() => loaded);
    const [attempt, setAttempt] = useState(0);
    const [failed, setFailed] = useState(false);
    // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt loads again.
    useEffect(() => {
      if (Part) return;
      let gone = false;
      loadOnce().then(
        (part) => {
          if (!gone) setPart(() => part);
        },
        (error: unknown) => {
          console.warn(`Netloom: ${error}`);
          if (!gone) setFailed(true);
        },
      );
      return () => {
        gone = true;
      };
    }, [Part, attempt]);
    if (Part) return <Part {...props} />;
    return (
      <div className={place} role={failed ? 'alert' : undefined} aria-busy={!failed}>
        {failed && (
          <p className="not-loaded">
            {l10n.t('This part of the page could not be loaded.')}{' '}
            <button
              type="button"
              className="text-button"
              onClick={() => {
                setFailed(false);
                setAttempt((before) => before + 1);
              }}
            >
              {l10n.t('Try again')}
            </button>
          </p>
        )}
      </div>
    );
  }

  return { OnDemand, loadOnce };
}

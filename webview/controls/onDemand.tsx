/**
 * Parts of the page that are not needed to open it, each loaded when it is first shown. Its place is reserved meanwhile; where it
 * cannot be loaded the place says so and offers to try again, and the rest of the page stands.
 */
import * as l10n from '@vscode/l10n';
import { type ComponentType, useEffect, useState } from 'react';

/** A component that is loaded by `load` when it is first drawn. An element of the class `place` has its size until then. */
export function onDemand<P extends object>(
  load: () => Promise<ComponentType<P>>,
  place: string,
): ComponentType<P> {
  let loaded: ComponentType<P> | undefined;
  return function OnDemand(props: P) {
    const [Part, setPart] = useState(() => loaded);
    const [attempt, setAttempt] = useState(0);
    const [failed, setFailed] = useState(false);
    // biome-ignore lint/correctness/useExhaustiveDependencies: each attempt loads again.
    useEffect(() => {
      if (Part) return;
      let gone = false;
      load().then(
        (part) => {
          loaded = part;
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
  };
}

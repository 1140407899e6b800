/** Fixes on trial for this network, as last received from the extension host. */
import { create } from 'zustand';
import type { TrialState } from '../../engine/protocol/editor.ts';
import { isTrialResult, type TrialResult } from '../../engine/protocol/events.ts';
import { readEvent } from '../../engine/protocol/eventText.ts';
import { openTrainingFor } from './panels.ts';

interface Trial {
  readonly state: TrialState;
  readonly result: TrialResult | undefined;
}

export const useTrial = create<Trial>()(() => ({ state: { state: 'none' }, result: undefined }));

/** Whether there is something to show instead of the run. */
export const hasTrial = ({ state: { state }, result }: Trial): boolean =>
  state === 'running' || (state === 'done' && result !== undefined);

export function receiveTrial(state: TrialState): void {
  openTrainingFor('trial', state.state === 'running');
  useTrial.setState({ state, result: state.state === 'done' ? resultOf(state.event) : undefined });
}

function resultOf(line: string): TrialResult | undefined {
  const event = readEvent(line);
  return event && isTrialResult(event) ? event : undefined;
}

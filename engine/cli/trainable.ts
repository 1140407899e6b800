/** What `netloom check` reports about a network before a command trains it. */
import { check } from '../api.ts';
import type { LimitSettings } from '../diagnose/limits.ts';
import type { Diagnostic } from '../spec/document.ts';
import type { NetworkText } from './place.ts';

interface Trainable {
  readonly layers: ReturnType<typeof check>['layers'];
  /** What is not a finding, such as a layer that nothing reads. */
  readonly warnings: readonly Diagnostic[];
}

/** Undefined, with a message for each error, if the network cannot be trained. */
export function trainableOf(network: NetworkText, limits: LimitSettings | undefined): Trainable | undefined {
  const { problems, findings, layers } = check(network.text, limits);
  const others = problems.filter((one) => !findings.includes(one));
  const errors = others.filter(({ severity }) => severity === 'error');
  for (const { message, range } of errors) network.complain('error', message, range);
  return errors.length > 0
    ? undefined
    : { layers, warnings: others.filter(({ severity }) => severity === 'warning') };
}

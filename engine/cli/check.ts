/** `netloom check FILE`: every problem of a network that can be known without its data. */
import { check } from '../api.ts';
import type { Given } from './options.ts';
import type { NetworkText } from './place.ts';
import { say, sayJson } from './terminal.ts';

/** Prints problems in the format of compilers, or with `json` as one object per line. Returns 1 if one is an error. */
export function checkNetwork(network: NetworkText, { limits, json }: Given<'limits' | 'json'>): number {
  const { problems } = check(network.text, limits);
  for (const { severity, code, layer, message, range, fix } of problems)
    if (json) {
      const place = { ...network.placeOf(range), ...(layer === undefined ? {} : { layer }) };
      sayJson(JSON.stringify({ event: 'problem', severity, code, ...place, message, fix: fix?.title }));
    } else network.complain(severity, message, range);
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  if (errors === 0 && !json) say(`${network.file}: no errors`);
  return errors > 0 ? 1 : 0;
}

/** Translators get every string that a person reads, and none that no longer exists. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { bundle, bundleText } from '../../extension/scripts/l10n.mjs';

test('the strings for translators are up to date', async () => {
  const needed = Object.keys(JSON.parse(await bundleText()));
  const written = Object.keys(JSON.parse(readFileSync(bundle, 'utf8')));
  const difference = {
    missing: needed.filter((text) => !written.includes(text)),
    superfluous: written.filter((text) => !needed.includes(text)),
  };
  const reason = `${bundle} is older than the code. Run \`npm run l10n\`.`;
  expect(difference, reason).toEqual({ missing: [], superfluous: [] });
});

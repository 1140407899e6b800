/** A repair of a network whose cause is reported only as information. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { repairNetwork } from '../../engine/trials/repair.ts';
import { courseHost } from './courseSetting.ts';

const folder = 'test/fixtures/faults/tenth';

it('a repair tries the fixes of what is only information if no fix of an error removes it', async () => {
  const host = () => courseHost({ folder });
  const text = readFileSync(`${folder}/no-clock.nn.json`, 'utf8');
  const { attempts, left } = await repairNetwork(text, {}, { host });
  const kept = attempts.filter(({ outcome }) => outcome === 'kept').map(({ fix }) => fix.title);
  expect(kept.join()).toContain('Positional encoding');
  expect(left).toEqual([]);
});

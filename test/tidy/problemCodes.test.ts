/** Every code of a problem that is listed is reported somewhere. The compiler checks that every reported code is listed. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { problemCodes } from '../../engine/schema/problemCodes.ts';

const engine = path.resolve(import.meta.dirname, '../../engine');

test('every code that is listed is reported somewhere', () => {
  const sources = readdirSync(engine, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('problemCodes.ts'))
    .map((file) => readFileSync(path.join(engine, file), 'utf8'))
    .join('\n');
  const unused = Object.keys(problemCodes).filter((code) => !sources.includes(`'${code}'`));
  expect(unused).toEqual([]);
});

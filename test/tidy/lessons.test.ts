/** Every example can be trained as it is, and the tour visits every lesson. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';

const root = path.resolve(import.meta.dirname, '../..');
const examples = readdirSync(path.join(root, 'examples'), { recursive: true, encoding: 'utf8' })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.nn.json') && !name.includes('.netloom/'))
  .sort();

describe('an example has no errors, no warnings, and a comment on what it shows:', () => {
  for (const name of examples)
    test(name, () => {
      const text = readFileSync(path.join(root, 'examples', name), 'utf8');
      expect(analyze(text).diagnostics.map(({ message }) => message)).toEqual([]);
      expect(text).toMatch(/^\{\n {2}\/\/ \w/);
    });
});

test('the tour links every lesson', () => {
  const tour = readFileSync(path.join(root, 'docs/learn.md'), 'utf8');
  const lessons = examples.filter((name) => name.startsWith('lessons/'));
  expect(lessons.filter((name) => !tour.includes(`](../examples/${name})`))).toEqual([]);
});

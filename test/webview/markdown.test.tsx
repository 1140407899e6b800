/** The documentation in the inspector: every text of every kind is rendered without remaining marks of Markdown. */
import { createElement } from 'react';
import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';
import { findings } from '../../engine/diagnose/registry.ts';
import { initializers } from '../../engine/initializers/registry.ts';
import { layers } from '../../engine/layers/registry.ts';
import { losses } from '../../engine/losses/registry.ts';
import { metrics } from '../../engine/metrics/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { preflightChecks } from '../../engine/preflight/registry.ts';
import { schedules } from '../../engine/schedules/registry.ts';
import { trainingAttributes } from '../../engine/spec/training.ts';
import { statistics } from '../../engine/stats/registry.ts';
import { Markdown, plainText } from '../../webview/controls/Markdown.tsx';

const render = (text: string): string => renderToStaticMarkup(createElement(Markdown, { text }));

/** The text between the tags, without code, which may contain any mark. */
const proseOf = (html: string): string =>
  html.replaceAll(/<(code|pre)>.*?<\/\1>/gs, '').replaceAll(/<[^>]*>/g, ' ');

const marks = /(?<!\S)-\s{2}|\|\s*:?-{3}|\*\*|(?<!\S)\*\S[^*]*\*|\]\(|\\[[\]*_`|]|`/;

test('marks become elements', () => {
  expect(render('a **b** *c* `d*` \\[e\\] [f](https://g)')).toBe(
    '<div class="markdown"><p>a <strong>b</strong> <em>c</em> <code>d*</code> [e] <span class="link-text" title="https://g">f</span></p></div>',
  );
  expect(render('2 * 3 * 4')).toContain('2 * 3 * 4');
  expect(render('| a | b |\n|---|:-:|\n| `x` | 1 \\| 2 |')).toBe(
    '<div class="markdown"><table><thead><tr><th scope="col">a</th><th scope="col">b</th></tr></thead>' +
      '<tbody><tr><td><code>x</code></td><td>1 | 2</td></tr></tbody></table></div>',
  );
});

test('an item of a list may continue on the next line', () => {
  expect(render('- **a** b\n  c\n- d')).toBe(
    '<div class="markdown"><ul><li><strong>a</strong> b c</li><li>d</li></ul></div>',
  );
});

test('HTML in a text stays text', () => {
  expect(render('<img src=x onerror=alert(1)> | <b>')).not.toMatch(/<(?:img|b)\b/);
});

describe('no mark of Markdown remains in the documentation of', () => {
  for (const registry of [layers, losses, metrics, optimizers, schedules, initializers, datasets])
    test(`every ${registry.noun}`, () => {
      for (const { type, doc, attributes } of registry) {
        expect(proseOf(render(doc)), type).not.toMatch(marks);
        for (const [name, attribute] of Object.entries(attributes))
          expect(plainText(attribute.doc), `${type}.${name}`).not.toMatch(marks);
      }
    });

  test('every finding, statistic and check', () => {
    for (const { doc } of [...findings, ...statistics, ...preflightChecks])
      expect(proseOf(render(doc)), doc).not.toMatch(marks);
  });

  test('training', () => {
    for (const [name, attribute] of Object.entries(trainingAttributes))
      expect(plainText(attribute.doc), name).not.toMatch(marks);
  });
});

/** Lines between cards that were placed by hand lead around the cards that are in their way, and no other line does. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { card } from '../../webview/model/cardSizes.ts';
import type { Point } from '../../webview/model/geometry.ts';
import { layoutNetwork, routeKey } from '../../webview/model/layout.ts';

/** Cards in a coarse grid, so that there is room for a line beside each. */
const networks = fc
  .tuple(
    fc.uniqueArray(fc.tuple(fc.nat(2), fc.nat(15)), { minLength: 3, maxLength: 40, selector: String }),
    fc.array(fc.nat(40), { minLength: 50, maxLength: 50 }),
  )
  .map(([places, reads]) => ({
    layers: places.map((_, index) => ({
      name: `l${index}`,
      from: index === 0 ? [] : [{ layer: `l${reads[index] % index}` }],
      height: card.full,
      takesInput: true,
    })),
    saved: new Map(places.map(([x, y], index): [string, Point] => [`l${index}`, [400 * x, 300 * y]])),
  }));

/** Of a curve that leaves a card downwards and arrives downwards. */
function pointOn([x, y]: Point, [endX, endY]: Point, part: number): Point {
  const rest = 1 - part;
  const weights = [rest ** 3, 3 * rest ** 2 * part, 3 * rest * part ** 2, part ** 3];
  const middle = (y + endY) / 2;
  const sum = (values: readonly number[]) => values.reduce((all, value, at) => all + weights[at] * value, 0);
  return [sum([x, x, endX, endX]), sum([y, middle, middle, endY])];
}

const parts = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((tenth) => tenth / 10);
const inset = 4;

test('a line that leads down has a way of its own if one of all cards is in its way', () => {
  let detours = 0;
  fc.assert(
    fc.property(networks, ({ layers, saved }) => {
      const { routes } = layoutNetwork(layers, saved, 'down');
      for (const { name, from } of layers)
        for (const { layer } of from) {
          const [[x, y], [endX, endY]] = [saved.get(layer)!, saved.get(name)!];
          if (y + card.full >= endY) continue;
          const points = parts.map((part) =>
            pointOn([x + card.width / 2, y + card.full], [endX + card.width / 2, endY], part),
          );
          const others = [...saved].filter(([other]) => other !== layer && other !== name);
          const isHidden = others.some(([, [left, top]]) =>
            points.some(
              ([atX, atY]) =>
                left + inset < atX &&
                atX < left + card.width - inset &&
                top + inset < atY &&
                atY < top + card.full - inset,
            ),
          );
          expect(routes.has(routeKey(name, 0)), `${layer} to ${name}`).toBe(isHidden);
          if (isHidden) detours++;
        }
    }),
    { seed: 5, numRuns: 200 },
  );
  expect(detours).toBeGreaterThan(100);
});

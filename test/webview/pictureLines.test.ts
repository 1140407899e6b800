/** Connections in an exported picture: the shapes that flow along them, and the look of a run. */
import { expect, test } from 'vitest';
import type { LineLook } from '../../webview/canvas/gradientFlow.ts';
import { toFlow } from '../../webview/model/flow.ts';
import { light } from '../../webview/picture/looks.ts';
import { drawPicture } from '../../webview/picture/picture.ts';
import { branches, chain, viewOf } from './network.ts';

const pictureOf = (text: string, lines?: (from: { readonly layer: string }) => LineLook) =>
  drawPicture({
    ...{ flow: toFlow(viewOf(text), 'down'), direction: 'down', stats: undefined, look: light },
    ...(lines ? { lines } : {}),
  });

test('a connection that changes the shape has it written beside', () => {
  // On the card of the input, and on the connection from there.
  expect(pictureOf(branches).svg.match(/>32×32×3</g)).toHaveLength(2);
});

test('the lines of a run have the width and pattern of the graph, and the legend says what they mean', () => {
  const { svg } = pictureOf(branches, ({ layer }) => ({
    width: layer === 'image' ? 3.5 : 1,
    level: 'vanished',
  }));
  expect(svg.match(/stroke-dasharray="1.5 5" stroke-width="3.5"/g)).toHaveLength(1);
  expect(svg).toContain('gradient at most a thousandth of that at the loss');
  expect(pictureOf(branches).svg).not.toContain('stroke-dasharray');
});

test('the picture of a narrow network is as wide as its legend', () => {
  const { width } = pictureOf(chain, () => ({ width: 1, level: 'vanished' }));
  expect(width).toBeGreaterThan(pictureOf(chain).width);
});

/** A copy of a row, in an automatic layout. */
import { expect, test } from 'vitest';
import { connectionsOf } from '../../webview/canvas/connections.ts';
import { toFlow } from '../../webview/model/flow.ts';
import { chain, viewOf } from './network.ts';

const stackOf = (text: string) =>
  Object.fromEntries(toFlow(viewOf(text), 'down').nodes.map(({ id, head }) => [id, head]));

const copied = chain.replace('"flat": {', '"copy": { "type": "relu", "from": "conv1" },\n    "flat": {');

test('leaves the stack closed while nothing reads it', () => {
  expect(stackOf(copied)).toMatchObject({ relu1: 'conv1', flat: 'conv1', copy: 'copy' });
});

test('takes the place of the original that nothing reads any more', () => {
  const instead = copied.replace('"from": "relu1"', '"from": "copy"');
  expect(stackOf(instead)).toMatchObject({ copy: 'conv1', flat: 'conv1', relu1: 'relu1' });
});

test('is a branch once both are read', () => {
  const both = copied.replace(
    '"from": "flat"',
    '"from": "sum" },\n    "more": { "type": "tanh", "from": "copy" },\n    "sum": { "type": "flatten", "from": "more"',
  );
  expect(stackOf(both)).toMatchObject({ relu1: 'relu1', copy: 'copy', more: 'copy' });
});

test('is read from beside the stack, not through it', () => {
  const flow = toFlow(viewOf(copied), 'down');
  const { path } = connectionsOf(flow, 'down').find(({ edge }) => edge.end.to === 'copy')!;
  const numbers = path.match(/-?[\d.]+/g)!.map(Number);
  const points = numbers.flatMap((x, index) => (index % 2 === 0 ? [[x, numbers[index + 1]] as const] : []));
  const [, ...inside] = points;
  for (const { id, position, width, height } of flow.nodes)
    if (id !== 'copy')
      for (const [x, y] of inside) {
        const isIn =
          x > position[0] && x < position[0] + width && y > position[1] && y < position[1] + height;
        expect(isIn, `${path} in ${id}`).toBe(false);
      }
  expect(path).not.toContain('C');
});

/** Problems are shown at the field of the inspector that they concern. */
import { expect, test } from 'vitest';
import { commonLossAttributes } from '../../engine/spec/training.ts';
import { problemsOfLayer, problemsOfLoss, problemsOfNetwork } from '../../webview/model/problems.ts';
import { chain, viewOf } from './network.ts';

/** Fields of the layer's inspector that show something, and codes of what is listed above them. */
function check(text: string, layer: string, fields: readonly string[], listed: readonly string[] = []): void {
  const reported = problemsOfLayer(viewOf(text).byName.get(layer)!);
  expect({
    fields: [...reported.beside.keys()].sort(),
    listed: reported.listed.map(({ code }) => code),
  }).toEqual({
    fields,
    listed,
  });
}

const withSum = (from: string) =>
  chain.replace('"flat": {', `"sum": { "type": "add", "from": ${from} },\n    "flat": {`);

test('a problem is shown at the attribute or input that it concerns', () => {
  check(chain.replace('"filters": 8, ', ''), 'conv1', ['filters']);
  check(chain.replace('"kernelSize": 3', '"kernelSize": 30').replace('same', 'valid'), 'conv1', [
    'kernelSize',
  ]);
  check(chain.replace('"from": "image"', '"from": "nope"'), 'conv1', ['from.0']);
  check(chain.replace('"from": "image", ', ''), 'conv1', ['from.0']);
  check(withSum('["conv1", "nope"]'), 'sum', ['from.1']);
});

test('a missing input is shown at the first free place', () =>
  check(withSum('["conv1"]'), 'sum', ['from.1']));

test('a problem that no field can fix is listed', () => {
  check(chain.replace('"relu"', '"rule"'), 'relu1', [], ['spec/unknown-type']);
  check(chain.replace('"filters"', '"filtres"'), 'conv1', [], ['spec/unknown-attribute']);
  check(chain.replace('"type": "input", ', '"type": "input", "from": 5, '), 'image', [], ['spec/from']);
});

test('two problems of one field are both shown', () => {
  const { beside } = problemsOfNetwork(
    viewOf(
      chain.replace(/\}\s*$/, ', "training": { "optimizer": { "type": "adam", "beta1": 2, "beta2": 2 } } }'),
    ).analysis.diagnostics,
  );
  expect(beside.get('optimizer')).toMatch(/beta1.*beta2/);
  expect([...beside.keys()].sort()).toEqual(['data', 'loss', 'optimizer']);
});

test('a problem of a loss is shown at its attribute, or at its type', () => {
  const fields = (loss: string, index: number) => {
    const text = chain.replace(
      /\}\s*$/,
      `, "training": { "data": "points", "loss": ${loss}, "optimizer": "adam" } }`,
    );
    const { beside } = problemsOfNetwork(viewOf(text).analysis.diagnostics);
    return [beside.has('loss'), ...problemsOfLoss(beside, index, commonLossAttributes).keys()];
  };
  expect(fields('{ "type": "hinge", "from": "nope" }', 0)).toEqual([false, 'from']);
  expect(fields('{ "type": "hinge", "from": "logits", "odd": 1 }', 0)).toEqual([false, 'type']);
  expect(fields('[{ "type": "hinge" }, { "type": "hinge", "from": "logits", "weight": -1 }]', 1)).toEqual([
    false,
    'weight',
  ]);
  expect(fields('[]', 0)).toEqual([true]);
});

test('every problem is shown, in one place', () => {
  const text = withSum('["nope", "conv1.state", 3]').replace('"filters": 8', '"filters": -1, "odd": 1');
  const view = viewOf(text);
  for (const layer of view.layers) {
    const { beside, listed } = problemsOfLayer(layer);
    const reported = [...beside.values(), ...listed.map(({ message }) => message)].join('\n');
    for (const { message } of layer.problems) expect(reported.split(message)).toHaveLength(2);
  }
});

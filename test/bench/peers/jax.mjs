/**
 * jax-js on its WebAssembly backend, the only fast one that Node has: the gradient of the whole network, compiled by `jit`.
 * Arrays are owned: each use except the last takes a reference. Images have channels first. `jax.mjs TASK`.
 */
import { defaultDevice, init, jit, lax, nn, numpy as np, valueAndGrad } from '@jax-js/jax';
import { readTask, refuseOthers, serve } from './serve.mjs';

await init('wasm');
defaultDevice('wasm');

const task = readTask(process.argv[2]);
const isImage = task.input.length === 3;
const tensor = (values, shape) => np.array(values).reshape(shape);

let x = tensor(task.data, [task.batch, ...task.input]);
if (isImage) x = np.transpose(x, [0, 3, 1, 2]);
const classes = task.loss === 'softmaxCrossEntropy';
const target = classes
  ? nn.oneHot(np.array(task.targets, { dtype: np.int32 }), 10)
  : tensor(Float32Array.from(task.targets), [task.batch, 1]);

let used = 0;
/** The trained tensors, in the order in which layers take them. */
const start = [];
function trained(value) {
  start.push(value);
  return start.length - 1;
}
const nextWeight = () => tensor(task.weights[used], task.weightShapes[used++]);

/** Each takes an operand and all trained tensors. */
const layers = {
  dense: ({ units }) => {
    const [kernel, bias] = [trained(nextWeight()), trained(np.zeros([units]))];
    return (value, weights) => np.matmul(value, weights[kernel].ref).add(weights[bias].ref);
  },
  conv: ({ filters }) => {
    const kernel = trained(np.transpose(nextWeight(), [3, 2, 0, 1]));
    const bias = trained(np.zeros([filters, 1, 1]));
    return (value, weights) => lax.conv(value, weights[kernel].ref, [1, 1], 'SAME').add(weights[bias].ref);
  },
  pool: () => (value) => {
    const [batch, channels, height, width] = value.shape;
    return np.max(value.reshape([batch, channels, height / 2, 2, width / 2, 2]), [3, 5]);
  },
  flatten: () => (value) => np.transpose(value, [0, 2, 3, 1]).reshape([task.batch, -1]),
  relu: () => (value) => nn.relu(value),
  tanh: () => (value) => np.tanh(value),
  lstm: (layer) =>
    recurrent(layer, 4, ([zi, zf, za, zo], cell) => {
      const after = nn
        .sigmoid(zf)
        .mul(cell)
        .add(nn.sigmoid(zi).mul(np.tanh(za)));
      return [nn.sigmoid(zo).mul(np.tanh(after.ref)), after];
    }),
  gru: (layer) =>
    recurrent(layer, 3, null, ([xz, xr, xc], [hz, hr, hc], hidden) => {
      const z = nn.sigmoid(xz.add(hz));
      const c = np.tanh(xc.add(nn.sigmoid(xr.add(hr)).mul(hc)));
      return z.ref.mul(hidden).add(np.subtract(1, z).mul(c));
    }),
};

/** The product with the input for all time steps at once, then step by step. */
function recurrent({ units, sequence }, gates, lstmCell, gruCell) {
  const [kernel, recurrentKernel] = [trained(nextWeight()), trained(nextWeight())];
  const bias = trained(np.zeros([gates * units]));
  const recurrentBias = gruCell && trained(np.zeros([gates * units]));
  const [time] = task.input;
  return (value, weights) => {
    const projected = np.matmul(value, weights[kernel].ref).add(weights[bias].ref);
    let hidden = np.zeros([task.batch, units]);
    let cell = np.zeros([task.batch, units]);
    const states = [];
    for (const atTime of np.split(projected, time, 1)) {
      const z = atTime.reshape([task.batch, gates * units]);
      const product = np.matmul(hidden.ref, weights[recurrentKernel].ref);
      if (gruCell)
        hidden = gruCell(np.split(z, 3, 1), np.split(product.add(weights[recurrentBias].ref), 3, 1), hidden);
      else {
        hidden.dispose();
        [hidden, cell] = lstmCell(np.split(z.add(product), 4, 1), cell);
      }
      if (sequence) states.push(hidden.ref);
    }
    cell.dispose();
    if (!sequence) return hidden;
    hidden.dispose();
    return np.stack(states, 1);
  };
}

refuseOthers(task, Object.keys(layers));
const network = task.layers.map((layer) => layers[layer.type](layer));

function lossOf(weights, input, wanted) {
  const output = network.reduce((value, layer) => layer(value, weights), input);
  for (const weight of weights) weight.dispose();
  if (!classes) return np.mean(np.square(output.sub(wanted)));
  return np.sum(nn.logSoftmax(output, -1).mul(wanted)).mul(-1 / task.batch);
}

const update = jit((weights, input, wanted) => {
  const [loss, gradients] = valueAndGrad(lossOf)(
    weights.map((weight) => weight.ref),
    input,
    wanted,
  );
  return [loss, weights.map((weight, index) => weight.sub(gradients[index].mul(task.learningRate)))];
});

let weights = start;
await serve(async (wantsLoss) => {
  const [loss, after] = update(weights, x.ref, target.ref);
  weights = after;
  if (wantsLoss) return (await loss.data())[0];
  loss.dispose();
  return undefined;
});

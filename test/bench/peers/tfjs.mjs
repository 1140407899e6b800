/** TensorFlow.js: only its core, because the layers package is a tenth slower. `tfjs.mjs TASK cpu|wasm`. */
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { readTask, refuseOthers, serve } from './serve.mjs';

const [file, backend] = process.argv.slice(2);
setWasmPaths('test/bench/node_modules/@tensorflow/tfjs-backend-wasm/dist/');
await tf.setBackend(backend);
await tf.ready();

const task = readTask(file);
const weights = task.weights.map((values, index) => tf.variable(tf.tensor(values, task.weightShapes[index])));
const x = tf.tensor(task.data, [task.batch, ...task.input]);
const classes = task.loss === 'softmaxCrossEntropy';
const target = classes
  ? tf.oneHot(tf.tensor1d(task.targets, 'int32'), 10)
  : tf.tensor2d(task.targets, [task.batch, 1]);

/** Layers without a product. Each takes the value before it. */
const plain = {
  relu: (value) => tf.relu(value),
  tanh: (value) => tf.tanh(value),
  flatten: (value) => tf.reshape(value, [task.batch, -1]),
  pool: (value) => tf.maxPool(value, 2, 2, 'valid'),
};

const products = {
  dense: ({ units }, next) => {
    const kernel = next();
    const bias = tf.variable(tf.zeros([units]));
    return (value) => tf.add(tf.matMul(value, kernel), bias);
  },
  conv: ({ filters }, next) => {
    const kernel = next();
    const bias = tf.variable(tf.zeros([filters]));
    return (value) => tf.add(tf.conv2d(value, kernel, 1, 'same'), bias);
  },
  lstm: (layer, next) =>
    recurrent(next, 4, layer, ([zi, zf, za, zo], cell) => {
      const after = tf.add(tf.mul(tf.sigmoid(zf), cell), tf.mul(tf.sigmoid(zi), tf.tanh(za)));
      return [tf.mul(tf.sigmoid(zo), tf.tanh(after)), after];
    }),
  gru: (layer, next) =>
    recurrent(next, 3, layer, null, ([xz, xr, xc], [hz, hr, hc], hidden) => {
      const z = tf.sigmoid(tf.add(xz, hz));
      const r = tf.sigmoid(tf.add(xr, hr));
      const c = tf.tanh(tf.add(xc, tf.mul(r, hc)));
      return tf.add(tf.mul(z, hidden), tf.mul(tf.sub(1, z), c));
    }),
};

/** The product with the input for all time steps at once, then step by step. */
function recurrent(next, gates, { units, sequence }, lstmCell, gruCell) {
  const kernel = next();
  const recurrentKernel = next();
  const bias = tf.variable(tf.zeros([gates * units]));
  const recurrentBias = gruCell && tf.variable(tf.zeros([gates * units]));
  return (value) => {
    const [, time, features] = value.shape;
    const flat = tf.reshape(value, [task.batch * time, features]);
    const projected = tf.reshape(tf.add(tf.matMul(flat, kernel), bias), [task.batch, time, gates * units]);
    let hidden = tf.zeros([task.batch, units]);
    let cell = tf.zeros([task.batch, units]);
    const states = [];
    for (const atTime of tf.unstack(projected, 1)) {
      const product = tf.matMul(hidden, recurrentKernel);
      if (gruCell)
        hidden = gruCell(tf.split(atTime, 3, 1), tf.split(tf.add(product, recurrentBias), 3, 1), hidden);
      else [hidden, cell] = lstmCell(tf.split(tf.add(atTime, product), 4, 1), cell);
      states.push(hidden);
    }
    return sequence ? tf.stack(states, 1) : hidden;
  };
}

refuseOthers(task, [...Object.keys(plain), ...Object.keys(products)]);
let used = 0;
const nextWeight = () => weights[used++];
const layers = task.layers.map((layer) => plain[layer.type] ?? products[layer.type](layer, nextWeight));

const optimizer = tf.train.sgd(task.learningRate);
const lossOf = () => {
  const output = layers.reduce((value, layer) => layer(value), x);
  return classes ? tf.losses.softmaxCrossEntropy(target, output) : tf.losses.meanSquaredError(target, output);
};

await serve((wantsLoss) =>
  tf.tidy(() => {
    const loss = optimizer.minimize(lossOf, wantsLoss);
    return loss?.dataSync()[0];
  }),
);

/** ConvNetJS: samples one after the other, an update after each batch. `convnetjs.mjs TASK`. */
import convnetjs from 'convnetjs';
import { readTask, refuseOthers, serve } from './serve.mjs';

const task = readTask(process.argv[2]);
if (task.input.length === 2) throw new Error('has no recurrent layers');
const [height, width, depth] = task.input.length === 3 ? task.input : [1, 1, task.input[0]];
const classes = task.loss === 'softmaxCrossEntropy';

const definitions = {
  dense: ({ units }) => ({ type: 'fc', num_neurons: units }),
  conv: ({ filters }) => ({ type: 'conv', sx: 3, filters, stride: 1, pad: 1 }),
  pool: () => ({ type: 'pool', sx: 2, stride: 2 }),
  relu: () => ({ type: 'relu' }),
  tanh: () => ({ type: 'tanh' }),
};
refuseOthers(task, [...Object.keys(definitions), 'flatten']);
// In ConvNetJS, the last product belongs to the loss.
const body = task.layers.slice(0, -1).filter(({ type }) => type !== 'flatten');
const net = new convnetjs.Net();
net.makeLayers([
  { type: 'input', out_sx: width, out_sy: height, out_depth: depth },
  ...body.map((layer) => definitions[layer.type](layer)),
  classes ? { type: 'softmax', num_classes: 10 } : { type: 'regression', num_neurons: 1 },
]);

const filtered = net.layers.filter(({ filters }) => filters);
filtered.forEach(({ filters, biases }, index) => {
  const values = task.weights[index];
  biases.w.fill(0);
  // A filter in ConvNetJS is a column in Netloom.
  filters.forEach((filter, column) => {
    for (let row = 0; row < filter.w.length; row++) filter.w[row] = values[row * filters.length + column];
  });
});

const size = height * width * depth;
const samples = Array.from({ length: task.batch }, (_, sample) => {
  const volume = new convnetjs.Vol(width, height, depth);
  for (let i = 0; i < size; i++) volume.w[i] = task.data[sample * size + i];
  return volume;
});
const trainer = new convnetjs.SGDTrainer(net, {
  method: 'sgd',
  momentum: 0,
  batch_size: task.batch,
  // Compared with the squared error, its gradient is half as large, and its value twice as large.
  learning_rate: task.learningRate * (classes ? 1 : 2),
});

await serve(() => {
  let sum = 0;
  for (let i = 0; i < task.batch; i++)
    sum += trainer.train(samples[i], classes ? task.targets[i] : [task.targets[i]]).cost_loss;
  return sum / task.batch / (classes ? 1 : 2);
});

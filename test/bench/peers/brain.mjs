/**
 * brain.js: has no batches, so a step is a pass over a batch's samples with an update after each; its units are
 * sigmoids, and its recurrent networks predict the next time step at each step. So it does not compute exactly the same. `brain.mjs TASK`.
 */
import brain from 'brain.js';
import { readTask, serve } from './serve.mjs';

const task = readTask(process.argv[2]);
if (task.input.length === 3) throw new Error('has no convolutions');
if (task.layers.some(({ type, sequence }) => sequence || type === 'repeat'))
  throw new Error('has no such layers one after the other');
const recurrentKinds = { lstm: brain.recurrent.LSTMTimeStep, gru: brain.recurrent.GRUTimeStep };
const Recurrent = recurrentKinds[task.layers[0].type];
const once = { iterations: 1, errorThresh: 1e-9, learningRate: task.learningRate };

function perceptron() {
  const [inputs] = task.input;
  const outputs = task.loss === 'softmaxCrossEntropy' ? 10 : 1;
  const samples = task.targets.map((target, sample) => ({
    input: Array.from(task.data.subarray(sample * inputs, (sample + 1) * inputs)),
    output:
      outputs === 1 ? [target] : Array.from({ length: outputs }, (_, unit) => (unit === target ? 1 : 0)),
  }));
  const hidden = task.layers.slice(0, -1).flatMap(({ units }) => units ?? []);
  const net = new brain.NeuralNetwork({ hiddenLayers: hidden });
  return () => net.train(samples, once).error;
}

function recurrent() {
  const [time, features] = task.input;
  const net = new Recurrent({
    inputSize: features,
    hiddenLayers: [task.layers[0].units],
    outputSize: features,
  });
  const sequences = Array.from({ length: task.batch }, (_, sample) =>
    Array.from({ length: time }, (_, step) =>
      Array.from(
        task.data.subarray((sample * time + step) * features, (sample * time + step + 1) * features),
      ),
    ),
  );
  return () => net.train(sequences, once).error;
}

await serve(Recurrent ? recurrent() : perceptron());

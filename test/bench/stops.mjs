/**
 * How long a stop takes: a thousand runs of the engine as it ships, each stopped at a random moment of one of its phases.
 * `npm run build`, then `node test/bench/stops.mjs [TRIES] [AT ONCE]`. Prints percentiles, in milliseconds, of the time from
 * the request to the answer, and to the moment when everything is written. Two engines run at a time, like two networks
 * that are trained side by side. With two cores, a thousand tries take about seven minutes, and twice as long one by one.
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const tries = Number(process.argv[2] ?? 1000);
const atOnce = Number(process.argv[3] ?? 2);
const folder = mkdtempSync(path.join(tmpdir(), 'netloom-stops-'));
process.on('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

const network = (layers, training) =>
  JSON.stringify({
    layers,
    training: {
      loss: { type: 'softmaxCrossEntropy', from: 'out' },
      optimizer: 'adam',
      epochs: 1e6,
      ...training,
    },
  });

const image = (size) => ({
  image: { type: 'input', shape: [size, size, 1] },
  flat: { type: 'flatten', from: 'image' },
});
const linear = { ...image(28), out: { type: 'dense', from: 'flat', units: 4 } };
const shapes = (settings = {}) => ({ type: 'shapes', samples: 400, testSamples: 0, ...settings });
const wide = (units, initializer) => ({
  ...image(28),
  hidden: { type: 'dense', from: 'flat', units },
  hidden2: {
    type: 'dense',
    from: 'hidden',
    units,
    ...(initializer ? { kernelInitializer: initializer } : {}),
  },
  out: { type: 'dense', from: 'hidden2', units: 4 },
});
const convolutions = {
  image: { type: 'input', shape: [28, 28, 1] },
  conv: { type: 'conv2d', from: 'image', filters: 32, kernelSize: 5 },
  conv2: { type: 'conv2d', from: 'conv', filters: 32, kernelSize: 5 },
  flat: { type: 'flatten', from: 'conv2' },
  out: { type: 'dense', from: 'flat', units: 4 },
};

/** `stepped`: the phase begins with the first report of a step, otherwise with the run. The stop follows within `milliseconds`. */
const phases = [
  { name: 'the engine starts', text: network(linear, { data: shapes() }), milliseconds: 150 },
  {
    name: 'data is generated',
    text: network({ ...image(128), out: linear.out }, { data: shapes({ size: 128, samples: 100_000 }) }),
    wait: 250,
    milliseconds: 400,
  },
  {
    name: 'data is read',
    text: network(
      { row: { type: 'input', shape: [200] }, out: { type: 'dense', from: 'row', units: 4 } },
      { data: { type: 'csv', file: 'wide.csv', header: 'no' } },
    ),
    wait: 250,
    milliseconds: 400,
  },
  {
    name: 'weights are drawn',
    text: network(wide(4000, 'orthogonal'), { data: shapes() }),
    wait: 300,
    milliseconds: 400,
  },
  { name: 'short steps', text: network(linear, { data: shapes() }), stepped: true, milliseconds: 200 },
  {
    name: 'long steps',
    text: network(convolutions, { data: shapes({ samples: 4000 }), batchSize: 2000 }),
    wait: 500,
    milliseconds: 600,
  },
  {
    name: 'one long layer',
    text: network(
      {
        image: { type: 'input', shape: [9, 6, 8] },
        up: {
          type: 'convTranspose2d',
          from: 'image',
          filters: 2,
          kernelSize: 64,
          outputPadding: 4,
          dilation: 15,
        },
        flat: { type: 'flatten', from: 'up' },
        out: { type: 'dense', from: 'flat', units: 4 },
      },
      { data: { type: 'csv', file: 'image.csv', header: 'no', shape: [9, 6, 8] }, batchSize: 2 },
    ),
    wait: 350,
    milliseconds: 400,
  },
  {
    name: 'an evaluation',
    text: network(convolutions, { data: shapes({ samples: 64, testSamples: 10_000 }), batchSize: 64 }),
    stepped: true,
    wait: 50,
    milliseconds: 300,
  },
  {
    name: 'steps of 18 million weights',
    text: network(wide(4000), { data: shapes(), batchSize: 8 }),
    stepped: true,
    milliseconds: 300,
  },
  {
    name: 'an epoch a millisecond',
    text: network(linear, { data: shapes({ samples: 8 }), batchSize: 8 }),
    stepped: true,
    milliseconds: 200,
  },
];

const row = (columns, label) =>
  `${Array.from({ length: columns }, (_, i) => ((i * 7919 + label * 104_729) % 997) / 997).join(',')},${label % 4}\n`;
writeFileSync(path.join(folder, 'wide.csv'), Array.from({ length: 20_000 }, (_, i) => row(200, i)).join(''));
writeFileSync(path.join(folder, 'image.csv'), Array.from({ length: 20 }, (_, i) => row(432, i)).join(''));

async function stopOnce({ text, stepped = false, wait = 0, milliseconds }, attempt) {
  const child = fork(
    path.join(root, 'dist/engine.cjs'),
    [path.join(root, 'dist/worker.cjs'), String(2 ** 31), String(process.pid)],
    {
      execArgv: ['--max-old-space-size=2048'],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    },
  );
  const answers = new Map();
  let isReady = false;
  let sawStep;
  const step = new Promise((resolve) => {
    sawStep = resolve;
  });
  child.on('message', (message) => {
    if ('answerTo' in message) answers.get(message.answerTo)(message);
    else if (message.name === 'ready') isReady = true;
    else {
      if (message.body.events.some(({ event }) => event === 'step')) sawStep();
      child.send({ answerTo: message.id });
    }
  });
  let id = 0;
  const request = (name, body = {}) =>
    new Promise((resolve) => {
      answers.set(++id, resolve);
      child.send({ id, name, body });
    });
  const output = path.join(folder, `run-${attempt}`);
  const ended = request('run', { job: { task: 'train', text, folder, output, threads: 1 } });
  if (stepped) await Promise.race([step, ended]);
  await delay(wait + milliseconds * Math.random());
  const asked = performance.now();
  const closed = new Promise((resolve) => child.on('close', resolve));
  // As in the extension: a process that is just starting has nothing to lose.
  if (!isReady) {
    child.kill('SIGKILL');
    await closed;
    const gone = performance.now() - asked;
    return { answered: gone, settled: gone };
  }
  void request('stop', { cutOff: false });
  const { value } = await ended;
  const answered = performance.now() - asked;
  await request('settle');
  const settled = performance.now() - asked;
  child.kill('SIGKILL');
  await closed;
  rmSync(output, { recursive: true, force: true });
  if (value.reason !== 'stopped') throw new Error(`${value.reason} instead of stopped: ${value.message}`);
  return { answered, settled };
}

const at = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
function show(name, results) {
  const columns = ['answered', 'settled'].map((what) => {
    const sorted = results.map((result) => result[what]).sort((a, b) => a - b);
    const [p50, p99, most] = [at(sorted, 0.5), at(sorted, 0.99), sorted.at(-1)].map((value) =>
      value.toFixed(1).padStart(7),
    );
    return `${what}: median ${p50}  99 % ${p99}  most ${most}`;
  });
  console.log(`${name.padEnd(28)} ${String(results.length).padStart(5)} stops   ${columns.join('   ')}`);
}

/** The time of a message to an idle process and back: no stop can be faster. */
async function echoes() {
  const echo = path.join(folder, 'echo.cjs');
  writeFileSync(echo, "process.on('message', (message) => process.send(message));");
  const child = fork(echo, { serialization: 'advanced' });
  const results = [];
  for (let i = 0; i < 200; i++) {
    await delay(20);
    const asked = performance.now();
    child.send(i);
    await new Promise((resolve) => child.once('message', resolve));
    const took = performance.now() - asked;
    results.push({ answered: took, settled: took });
  }
  child.kill();
  return results.slice(10);
}

show('(an idle process answers)', await echoes());
const all = [];
const began = performance.now();
for (const phase of phases) {
  const results = [];
  let started = 0;
  const lane = async () => {
    while (started < Math.ceil(tries / phases.length)) results.push(await stopOnce(phase, started++));
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  show(phase.name, results);
  all.push(...results);
}
show('all', all);
console.log(
  `${all.length} stops, ${atOnce} engines at a time, in ${((performance.now() - began) / 60_000).toFixed(1)} minutes`,
);

/** One process of `busy.mjs`: NETWORK THREADS. For each line of input it trains for a quarter of a second, and prints milliseconds per step. */
import { createInterface } from 'node:readline';
import { networks } from './networks.ts';
import { Model, openBackend, textOf } from './ours/model.ts';
import { turn } from './ours/time.ts';

const [network, threads] = process.argv.slice(2);
const text = textOf(networks[network]);
const model = new Model(text, await openBackend(Number(threads), true, text));
const turnMilliseconds = 250;

for await (const _ of createInterface({ input: process.stdin }))
  console.log(turn(() => void model.step(), turnMilliseconds));
process.exit();

/**
 * A contender's side of the protocol. One line in: the number of steps to run. One line out: the results. So a process
 * stays warm while contenders take turns.
 */
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

/** Reads the task of a contender: its description, and the initial numbers. */
export function readTask(file) {
  const task = JSON.parse(readFileSync(file, 'utf8'));
  const bytes = readFileSync(file.replace(/json$/, 'bin'));
  const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
  let at = 0;
  const take = (shape) => {
    const count = shape.reduce((product, size) => product * size, 1);
    at += count;
    return numbers.slice(at - count, at);
  };
  const input = take([task.batch, ...task.input]);
  return { ...task, data: input, weights: task.weightShapes.map(take) };
}

/** The types of layers, and of layers within them. */
const typesOf = (layers) =>
  layers.flatMap(({ type, layers: inner = [], shortcut = [] }) => [
    type,
    ...typesOf(inner),
    ...typesOf(shortcut),
  ]);

/** Throws if the task has layers of other types than these. */
export function refuseOthers({ layers }, types) {
  const others = [...new Set(typesOf(layers))].filter((type) => !types.includes(type));
  if (others.length > 0) throw new Error(`is not set up here for the layers ${others.join(', ')}`);
}

/** `step` trains once. If it is asked for the loss, it returns the loss before its update. */
export async function serve(step) {
  for await (const line of createInterface({ input: process.stdin })) {
    const steps = Number(line);
    const began = performance.now();
    let loss;
    for (let i = 1; i <= steps; i++) loss = await step(i === steps);
    const milliseconds = performance.now() - began;
    const memory = process.resourceUsage().maxRSS / 1024;
    process.stdout.write(`${JSON.stringify({ milliseconds, loss, memory })}\n`);
  }
}

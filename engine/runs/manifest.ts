/** The description of a run in `run.json`: small, written at its start and at its end. */
import { createHash } from 'node:crypto';
import type { EndReason } from '../protocol/events.ts';

export interface Manifest {
  readonly format: 1;
  readonly id: string;
  /** Name of the network, from its file name. */
  readonly network: string;
  /** A run that was cut off also remains "running"; `describeRun` distinguishes the two. */
  readonly state: 'running' | EndReason;
  /** Times in UTC, as ISO 8601. */
  readonly started: string;
  readonly ended?: string;
  readonly seed: number;
  /** Version of the engine. */
  readonly engine: string;
  /** SHA-256 of the spec's text, in hexadecimal. */
  readonly spec: string;
  /** Last epoch that was completed, and last step. */
  readonly epoch: number;
  readonly step: number;
  readonly message?: string;
}

/** In bytes. A longer file is not ours. */
export const longestManifest = 2 ** 16;

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

export const encodeManifest = (manifest: Manifest): Uint8Array =>
  Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);

/** Undefined for a text that no run writes. It may come from a stranger, so every field is checked and copied. */
export function decodeManifest(text: string): Manifest | undefined {
  let value: { readonly [name: string]: unknown };
  try {
    value = Object(JSON.parse(text));
  } catch {
    return undefined;
  }
  const { format, id, network, state, started, ended, seed, engine, spec, epoch, step, message } = value;
  const isText = (field: unknown): field is string => typeof field === 'string';
  const isCount = (field: unknown): field is number => Number.isSafeInteger(field);
  const isState = (field: unknown): field is Manifest['state'] =>
    isText(field) && ['running', 'finished', 'stopped', 'failed'].includes(field);
  if (format !== 1 || !isState(state) || !isCount(seed) || !isCount(epoch) || !isCount(step))
    return undefined;
  if (!isText(id) || !isText(network) || !isText(started) || !isText(engine) || !isText(spec))
    return undefined;
  return {
    ...{ format, id, network, state, started, seed, engine, spec, epoch, step },
    ...(isText(ended) ? { ended } : {}),
    ...(isText(message) ? { message } : {}),
  };
}

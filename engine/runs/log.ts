/**
 * The log of a current run: its events, one JSON object per line, in a file that never exceeds its limit. At the limit, every
 * other event of the kind that takes the most room is removed, and from then on only every other event of that kind is added.
 * So curves keep their shape, and epochs stay complete as long as other kinds can be thinned.
 */
import type { TrainingEvent } from '../protocol/events.ts';
import { writeEvent } from '../protocol/eventText.ts';
import { type RunFolder, writeAll } from './folder.ts';
import type { OpenFile } from './fs.ts';
import { runFiles } from './layout.ts';
import { linesOf, longestLine } from './lines.ts';

type Kind = TrainingEvent['event'];

/** Bytes of a whole log. */
export const logLimit = 16 * 2 ** 20;
/** The most bytes that wait while nothing can be written. */
const pendingLimit = 2 ** 20;
/** Kinds that are rare, and without which a log cannot be read. */
const kept = new Set<Kind>(['plan', 'end']);

interface Share {
  bytes: number;
  count: number;
  /** Only every n-th event of the kind is logged. */
  stride: number;
  /** The last one that was left out. It is logged at the end. */
  last: string | undefined;
}

export class RunLog {
  readonly #folder: RunFolder;
  readonly #limit: number;
  readonly #shares = new Map<Kind, Share>();
  #file: OpenFile;
  /** The current name of the file: a temporary one until it is published. */
  #name: string;
  #published = false;
  #size = 0;
  #waiting: string[] = [];
  #waitingBytes = 0;
  /** The file ends in the middle of a line. */
  #torn = false;
  #writing: Promise<void> | undefined;
  #failure: unknown;
  #closed = false;

  private constructor(folder: RunFolder, file: OpenFile, name: string, limit: number) {
    this.#folder = folder;
    this.#file = file;
    this.#name = name;
    this.#limit = limit;
  }

  /** A log under a temporary name. Throws the system's error. */
  static async create(folder: RunFolder, limit = logLimit): Promise<RunLog> {
    const { file, temporary } = await folder.create(runFiles.log);
    return new RunLog(folder, file, temporary, limit);
  }

  /** Continues the log of a thread that has ended; `name` may be a temporary one. */
  static async adopt(folder: RunFolder, name: string, limit = logLimit): Promise<RunLog> {
    const file = await folder.append(name);
    const log = new RunLog(folder, file, name, limit);
    log.#published = name === runFiles.log;
    log.#size = (await file.entry()).size;
    const last = Buffer.alloc(1);
    log.#torn = log.#size > 0 && (await file.read(last, log.#size - 1)) === 1 && last[0] !== lineEnd;
    return log;
  }

  /** The lines as they are on disk. */
  lines(): AsyncGenerator<string> {
    return linesOf(this.#file, 0, this.#size);
  }

  /** The error that kept the last lines from being written; undefined if there is none. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Adds an event, which is written soon. Never throws; see `failure`. */
  add(event: TrainingEvent): void {
    const { event: kind } = event;
    const line = `${writeEvent(event)}\n`;
    // A reader would skip it.
    if (Buffer.byteLength(line) > longestLine) return;
    const share = this.#share(kind);
    if (share.count++ % share.stride === 0) {
      share.last = undefined;
      this.#push(line);
    } else share.last = line;
    void this.flush();
  }

  /** Returns when everything reported so far is written or has failed. */
  async flush(): Promise<void> {
    while (this.#writing) await this.#writing;
    if (this.#waiting.length === 0 || this.#closed) return;
    this.#writing = this.#write()
      .catch((error: unknown) => {
        this.#failure = error;
      })
      .finally(() => {
        this.#writing = undefined;
      });
    await this.#writing;
  }

  /** Gives the log its final name and replaces an earlier one. Throws ProblemError or the system's error. */
  async publish(): Promise<void> {
    await this.flush();
    await this.#file.sync();
    await this.#folder.publish(this.#name, runFiles.log);
    this.#name = runFiles.log;
    this.#published = true;
  }

  /** Writes the last event, forces everything to disk and closes the file. Never throws: see `failure`. */
  async close(end: TrainingEvent): Promise<void> {
    for (const { last } of this.#shares.values()) if (last !== undefined) this.#push(last);
    this.#shares.clear();
    this.add(end);
    await this.flush();
    try {
      await this.#file.sync();
    } catch (error) {
      this.#failure = error;
    }
    await this.abandon();
  }

  /** Closes the file; removes it if it was never published. */
  async abandon(): Promise<void> {
    this.#closed = true;
    while (this.#writing) await this.#writing;
    await this.#file.close().catch(() => undefined);
    if (!this.#published) await this.#folder.discard(this.#name);
  }

  #share(kind: Kind): Share {
    let share = this.#shares.get(kind);
    if (!share) {
      share = { bytes: 0, count: 0, stride: 1, last: undefined };
      this.#shares.set(kind, share);
    }
    return share;
  }

  #push(line: string): void {
    this.#waiting.push(line);
    this.#waitingBytes += line.length;
    // On a disk that stays full the newest lines are the most valuable, and epochs more than single steps.
    while (this.#waitingBytes > pendingLimit) {
      const sampled = this.#waiting.findIndex((waiting) => ['step', 'stats'].includes(kindOf(waiting)));
      const [dropped] = this.#waiting.splice(Math.max(0, sampled), 1);
      this.#waitingBytes -= dropped.length;
    }
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const lines = this.#waiting;
      this.#waiting = [];
      this.#waitingBytes = 0;
      const bytes = Buffer.from((this.#torn ? '\n' : '') + lines.join(''));
      if (this.#size + bytes.length > this.#limit) await this.#thin(bytes.length);
      try {
        await writeAll(this.#file, bytes);
      } catch (error) {
        this.#keep(bytes, (error as { written?: number }).written ?? 0);
        throw error;
      }
      this.#torn = false;
      this.#size += bytes.length;
      for (const line of lines) this.#share(kindOf(line)).bytes += Buffer.byteLength(line);
      this.#failure = undefined;
    }
  }

  /** After an incomplete write: complete lines in the file are written, the others wait again. */
  #keep(bytes: Buffer, written: number): void {
    const done = bytes.subarray(0, written).lastIndexOf(lineEnd) + 1;
    this.#size += written;
    if (written > 0) this.#torn = written > done;
    const rest = bytes.subarray(done).toString().split('\n');
    const later = this.#waiting;
    this.#waiting = [];
    this.#waitingBytes = 0;
    for (const line of rest) if (line !== '') this.#push(`${line}\n`);
    for (const line of later) this.#push(line);
  }

  /** Makes room for this many bytes: writes the log again without some events, and continues in the new file. */
  async #thin(incoming: number): Promise<void> {
    const factors = this.#factorsFor(incoming);
    const { file, temporary } = await this.#folder.create(runFiles.log);
    const bytes = new Map<Kind, number>();
    let size = 0;
    try {
      const seen = new Map<Kind, number>();
      let batch: string[] = [];
      let batchBytes = 0;
      const write = async () => {
        await writeAll(file, Buffer.from(batch.join('')));
        size += batchBytes;
        [batch, batchBytes] = [[], 0];
      };
      for await (const line of linesOf(this.#file, 0, this.#size)) {
        const kind = kindOf(line);
        const count = seen.get(kind) ?? 0;
        seen.set(kind, count + 1);
        if (count % (factors.get(kind) ?? 1) !== 0) continue;
        const length = Buffer.byteLength(line) + 1;
        bytes.set(kind, (bytes.get(kind) ?? 0) + length);
        batch.push(`${line}\n`);
        batchBytes += length;
        if (batchBytes > batchSize) await write();
      }
      await write();
      await file.sync();
      if (this.#published) await this.#folder.publish(temporary, runFiles.log);
    } catch (error) {
      await file.close().catch(() => undefined);
      await this.#folder.discard(temporary);
      throw error;
    }
    const [old, oldName] = [this.#file, this.#name];
    this.#file = file;
    if (!this.#published) this.#name = temporary;
    this.#size = size;
    this.#torn = false;
    for (const [kind, share] of this.#shares) {
      share.bytes = bytes.get(kind) ?? 0;
      share.stride *= factors.get(kind) ?? 1;
    }
    await old.close().catch(() => undefined);
    if (!this.#published) await this.#folder.discard(oldName);
  }

  /** The factor by which each kind is thinned so that a quarter of the log is free again. */
  #factorsFor(incoming: number): Map<Kind, number> {
    const factors = new Map<Kind, number>();
    const sizes = new Map([...this.#shares].map(([kind, { bytes }]) => [kind, bytes]));
    let excess = this.#size + incoming - 0.75 * this.#limit;
    while (excess > 0) {
      const largest = (kinds: readonly Kind[]) =>
        kinds.reduce<Kind | undefined>(
          (best, kind) => (best === undefined || sizes.get(kind)! > sizes.get(best)! ? kind : best),
          undefined,
        );
      const kinds = [...sizes.keys()].filter((kind) => !kept.has(kind) && sizes.get(kind)! > 0);
      const other = largest(kinds.filter((kind) => kind !== 'epoch' && sizes.get(kind)! > this.#limit / 16));
      const chosen = other ?? largest(kinds);
      if (chosen === undefined) break;
      const half = sizes.get(chosen)! / 2;
      sizes.set(chosen, half < 1 ? 0 : half);
      factors.set(chosen, (factors.get(chosen) ?? 1) * 2);
      excess -= half;
    }
    return factors;
  }
}

const lineEnd = 0x0a;
const batchSize = 2 ** 18;

/** Events are written with their kind first. */
const kindOf = (line: string): Kind => /^\{"event":"(\w+)"/.exec(line)?.[1] as Kind;

/** Reads lines of a file that may be large, damaged or hostile. Limits bound the time and the memory, whatever the content. */
import type { OpenFile } from './fs.ts';

/** Bytes. A longer line is skipped. */
export const longestLine = 2 ** 20;
const chunkSize = 2 ** 18;
const lineEnd = 0x0a;

/** The lines between two positions, without line ends. Text after the last line end counts as a line, too. */
export async function* linesOf(file: OpenFile, from: number, to: number): AsyncGenerator<string> {
  const chunk = Buffer.allocUnsafe(chunkSize);
  let parts: Buffer[] = [];
  let length = 0;
  let tooLong = false;
  const take = (part: Buffer) => {
    length += part.length;
    tooLong ||= length > longestLine;
    // Copied, because the chunk is filled again.
    if (tooLong) parts = [];
    else if (part.length > 0) parts.push(Buffer.from(part));
  };
  const line = (): string | undefined => {
    const text = tooLong ? undefined : Buffer.concat(parts).toString();
    [parts, length, tooLong] = [[], 0, false];
    return text;
  };
  for (let position = from; position < to; ) {
    const count = await file.read(chunk.subarray(0, Math.min(chunkSize, to - position)), position);
    if (count === 0) break;
    position += count;
    let start = 0;
    for (let end = chunk.indexOf(lineEnd); end !== -1 && end < count; end = chunk.indexOf(lineEnd, start)) {
      take(chunk.subarray(start, end));
      start = end + 1;
      const text = line();
      if (text !== undefined) yield text;
    }
    take(chunk.subarray(start, count));
  }
  const text = line();
  if (text) yield text;
}

/** The first line, and then those of the last `limit` bytes: the beginning and the end of a long log. */
export async function* headAndTail(file: OpenFile, limit: number): AsyncGenerator<string> {
  const { size } = await file.entry();
  if (size <= limit) {
    yield* linesOf(file, 0, size);
    return;
  }
  for await (const first of linesOf(file, 0, longestLine)) {
    yield first;
    break;
  }
  let isWhole = false;
  for await (const line of linesOf(file, size - limit, size)) {
    if (isWhole) yield line;
    isWhole = true;
  }
}

/**
 * What kernels with 256-bit vectors leave behind. As long as the upper halves of the registers are in use, processors of Intel run older
 * vector instructions up to fifteen times slower, even those for single numbers, of which many functions of V8 consist: loops that
 * are not compiled yet, iterators, `Math`. V8 does not declare these halves free. Functions of Node that are compiled for
 * such vectors do, when they return.
 */
import { isAscii } from 'node:buffer';

/** A whole block of such a function. */
const block = new Uint8Array(64);

/** Declares the upper halves of all registers of this thread free. Takes about 45 ns. */
export function freeRegisters(): void {
  isAscii(block);
}

/**
 * The files of a run that goes on. A run beside a network writes into a new folder of its own; a run into a folder
 * that a person named keeps its files under temporary names until it has weights, so that one that fails early leaves
 * the files of an earlier run as they were. What cannot be written never ends a run: it is told as a warning, tried
 * again with the next save, and told again at the end.
 */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';

/** The scores at the end of an epoch. */
import { count, number, optional } from '../../schema/reader.ts';
import { defineEvent } from './define.ts';
import { scores } from './fields.ts';

/** The first epochs of this number are all reported, however short they are. Of later ones, only the newest waits. */
const wholeEpochs = 64;

export const epoch = defineEvent(
  {
    epoch: count,
    step: count,
    train: scores,
    test: optional(scores),
    /** As in a point of the curve. */
    penalty: optional(number),
    seconds: number,
  },
  {
    // Every other one keeps the shape of the curve.
    keep: { most: 2000, drop: 'everyOther' },
    together: (waiting, event) => [...waiting.filter((one) => one.epoch <= wholeEpochs), event],
  },
);

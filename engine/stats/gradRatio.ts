/** How the gradient changes from the layers after a layer to the layer. Only in the log. */
import { defineStatistic } from './define.ts';

export const gradRatio = defineStatistic({
  key: 'gradRatio',
  doc: "[gradRms](#gradrms) of the layer, divided by the largest one among the layers that read its output. Below 1, the gradient shrinks on its way back; if it shrinks in many layers in a row, it vanishes. Absent for the network's last layer.",
  at: 'gradient',
  shape: 'number',
  read: ({ gradient }) =>
    gradient?.readersRms === undefined ? undefined : gradient.outputRms / gradient.readersRms,
});

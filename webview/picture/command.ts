/** Pictures for the command line, which has no page: `dist/picture.cjs`. */
import { analyze } from '../../engine/graph/analyze.ts';
import type { Pictures } from '../../engine/protocol/picture.ts';
import { toFlow } from '../model/flow.ts';
import { viewNetwork } from '../model/network.ts';
import { dark, light } from './looks.ts';
import { drawMermaid } from './mermaid.ts';
import { drawPicture } from './picture.ts';

export const pictures: Pictures = {
  draw(text, options) {
    const analysis = analyze(text);
    if (!analysis.readable) return undefined;
    const direction = 'down';
    const flow = toFlow(viewNetwork(text, 0, analysis), direction);
    const look = options.dark ? dark : light;
    return options.format === 'mermaid'
      ? drawMermaid(flow, direction, undefined)
      : drawPicture({ flow, direction, stats: undefined, look, notes: analysis.notes }).svg;
  },
};

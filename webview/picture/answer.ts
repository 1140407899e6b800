/** Answers the host's request for a picture of the network as the page shows it. */
import * as l10n from '@vscode/l10n';
import type { PicturePart, PictureRequest } from '../../engine/protocol/picture.ts';
import { lineLook } from '../canvas/gradientFlow.ts';
import { noteOf } from '../canvas/noteBoxes.ts';
import { useEditor } from '../model/editor.ts';
import { toFlow } from '../model/flow.ts';
import { useHeld } from '../model/held.ts';
import { usePanels } from '../model/panels.ts';
import { allInView, useRun } from '../model/run.ts';
import { useUnfolded } from '../model/unfolding.ts';
import { dark, light } from './looks.ts';
import { drawMermaid } from './mermaid.ts';
import { drawPicture } from './picture.ts';
import { toPng } from './raster.ts';

/** Characters of one answer, well below the limit of the host for a message. */
const partLength = 500_000;

/** The picture whose parts are being sent. */
let whole = '';

export async function partOfPicture({ from, ...wanted }: PictureRequest): Promise<PicturePart> {
  if (from === 0) whole = await draw(wanted);
  const end = from + partLength;
  const content = whole.slice(from, end);
  if (end < whole.length) return { content, next: end };
  whole = '';
  return { content };
}

function draw(wanted: Omit<PictureRequest, 'from'>): string | Promise<string> {
  const { view } = useEditor.getState();
  if (!view || view.layers.length === 0) throw new Error(l10n.t('There is no layer to draw.'));
  const { direction } = usePanels.getState();
  const flow = toFlow(view, direction, useHeld.getState(), useUnfolded.getState().names);
  const stats = wanted.statistics ? allInView(useRun.getState().stats, view) : undefined;
  if (wanted.format === 'mermaid') return drawMermaid(flow, direction, stats);
  const picture = drawPicture({
    flow,
    direction,
    stats,
    look: wanted.dark ? dark : light,
    ...(stats ? { lines: (from) => lineLook(useRun.getState(), view, from) } : {}),
    notes: new Map(
      flow.nodes.flatMap(({ id }) => {
        const note = noteOf(view, id);
        return note === undefined ? [] : [[id, note] as const];
      }),
    ),
  });
  return wanted.format === 'png' ? toPng(picture) : picture.svg;
}

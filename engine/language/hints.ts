/** The dimmed text after the line of a layer: its output shape, and the number of its parameters. */
import * as l10n from '@vscode/l10n';
import { layersInText } from '../graph/layerText.ts';
import type { Analysis } from '../graph/typed.ts';
import { bytesText, counted, countText, shapeText } from '../schema/text.ts';
import type { Range } from '../spec/document.ts';

export interface Hint {
  readonly layer: string;
  readonly offset: number;
  readonly label: string;
  readonly facts: readonly string[];
}

export interface HintParts {
  readonly shapes: boolean;
  readonly parameters: boolean;
}

/** Hints for the layers that end within `range`. A hint follows its layer and the comma after it. */
export function hintsIn(text: string, analysis: Analysis, range: Range, parts: HintParts): Hint[] {
  const hints: Hint[] = [];
  for (const [layer, { whole }] of layersInText(analysis)) {
    if (whole.end < range.start || whole.end > range.end) continue;
    const typed = analysis.graph.byName.get(layer);
    const summary = analysis.summaries.get(layer);
    if (!typed || !summary) continue;
    const output = shapeText(typed.inferred.output);
    const count = parametersText(summary.parameters, typed.spec.common.shares);
    const label = [parts.shapes ? `→ ${output}` : '', parts.parameters ? count : '']
      .filter(Boolean)
      .join(' · ');
    if (label === '') continue;
    const offset = text[whole.end] === ',' ? whole.end + 1 : whole.end;
    const inputs = typed.inputShapes.map(shapeText).join(', ');
    const facts = [
      l10n.t('Shape of one sample: {0}', inputs === '' ? output : `${inputs} → ${output}`),
      l10n.t('Parameters: {0}', countText(summary.parameters)),
      l10n.t('Operations for one sample: {0}', countText(summary.flops)),
      l10n.t('Memory of its output for one sample: {0}', bytesText(summary.activationBytes)),
    ];
    hints.push({ layer, offset, label, facts });
  }
  return hints;
}

function parametersText(count: number, shares: string | undefined): string {
  if (shares !== undefined) return l10n.t('parameters of {0}', shares);
  if (count === 0) return '';
  return counted(count, 'parameters', countText(count));
}

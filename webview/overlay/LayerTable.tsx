/** Every layer with its size and cost, in a table that sorts by any column. */
import * as l10n from '@vscode/l10n';
import { useMemo, useState } from 'react';
import { networkTotal } from '../../engine/graph/summary.ts';
import { bytesText, counted, countText, shortShapeText } from '../../engine/schema/text.ts';
import { Icon } from '../controls/Icon.tsx';
import { canvasControls } from '../model/canvasControls.ts';
import { select, useEditor } from '../model/editor.ts';
import type { LayerView } from '../model/network.ts';
import { useOverlay } from '../model/overlay.ts';
import { categoryColour } from '../theme/categories.ts';
import { Dialog } from './Dialog.tsx';

interface Column {
  readonly title: () => string;
  readonly help?: () => string;
  readonly numeric?: true;
  /** The sort key: a text, or an amount, with the largest first. */
  readonly key: (layer: LayerView) => string | number;
  readonly text: (layer: LayerView) => string;
}

const elements = ({ typed }: LayerView): number =>
  typed ? typed.inferred.output.reduce((product, size) => product * size, 1) : -1;

const kindOf = ({ definition, type }: LayerView): string => definition?.label ?? type;

const columns: readonly Column[] = [
  { title: () => l10n.t('Layer'), key: ({ name }) => name, text: ({ name }) => name },
  { title: () => l10n.t('Kind'), key: kindOf, text: kindOf },
  {
    title: () => l10n.t('Output'),
    help: () => l10n.t('Output shape of one sample, sorted by its size'),
    numeric: true,
    key: elements,
    text: ({ typed }) => (typed ? shortShapeText(typed.inferred.output) : '?'),
  },
  {
    title: () => l10n.t('Parameters'),
    help: () => l10n.t('How many numbers the layer learns'),
    numeric: true,
    key: ({ summary }) => summary?.parameters ?? -1,
    text: ({ summary }) => (summary ? countText(summary.parameters) : '?'),
  },
  {
    title: () => l10n.t('Operations'),
    help: () => l10n.t('Multiplications and additions of one forward pass of one sample'),
    numeric: true,
    key: ({ summary }) => summary?.flops ?? -1,
    text: ({ summary }) => (summary ? countText(summary.flops) : '?'),
  },
  {
    title: () => l10n.t('Activations'),
    help: () => l10n.t('Memory for the output and what backpropagation needs of one sample, in float32'),
    numeric: true,
    key: ({ summary }) => summary?.activationBytes ?? -1,
    text: ({ summary }) => (summary ? bytesText(summary.activationBytes) : '?'),
  },
];

interface Order {
  /** Index of the column; undefined: in the order of the text. */
  readonly column: number | undefined;
  readonly reversed: boolean;
}

function sorted(layers: readonly LayerView[], { column, reversed }: Order): readonly LayerView[] {
  if (column === undefined) return layers;
  const { key, numeric } = columns[column];
  const compare = (a: LayerView, b: LayerView): number => {
    const [one, other] = [key(a), key(b)];
    return numeric ? Number(other) - Number(one) : String(one).localeCompare(String(other));
  };
  const ordered = layers.toSorted(compare);
  return reversed ? ordered.reverse() : ordered;
}

const close = () => useOverlay.setState({ tableShown: false });

export function LayerTable() {
  const shown = useOverlay((overlay) => overlay.tableShown);
  const view = useEditor((state) => state.view);
  return shown && view ? <OpenTable layers={view.layers} totals={networkTotal(view.analysis)} /> : null;
}

interface OpenTableProps {
  readonly layers: readonly LayerView[];
  readonly totals: ReturnType<typeof networkTotal>;
}

function OpenTable({ layers, totals }: OpenTableProps) {
  const [order, setOrder] = useState<Order>({ column: undefined, reversed: false });
  const rows = useMemo(() => sorted(layers, order), [layers, order]);
  /** A second click reverses the order, and a third one restores that of the text. */
  const sortBy = (column: number) =>
    setOrder((before) =>
      before.column !== column
        ? { column, reversed: false }
        : before.reversed
          ? { column: undefined, reversed: false }
          : { column, reversed: true },
    );
  return (
    <Dialog
      label={l10n.t('Table of layers')}
      title={counted(layers.length, 'layers')}
      closingKey="t"
      onClose={close}
    >
      <div className="layer-table">
        <table>
          <thead>
            <tr>
              {columns.map(({ title, help, numeric }, index) => (
                <th
                  key={title()}
                  className={numeric ? 'numeric' : ''}
                  aria-sort={
                    order.column !== index
                      ? 'none'
                      : order.reversed === Boolean(numeric)
                        ? 'ascending'
                        : 'descending'
                  }
                >
                  <button
                    type="button"
                    className="text-button"
                    title={help?.()}
                    onClick={() => sortBy(index)}
                  >
                    {title()}
                    {order.column === index && (
                      <Icon name={order.reversed === Boolean(numeric) ? 'arrow-up' : 'arrow-down'} />
                    )}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((layer) => (
              <Row key={layer.name} layer={layer} />
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row" colSpan={3}>
                {l10n.t('Total')}
              </th>
              <td className="numeric">{countText(totals.parameters)}</td>
              <td className="numeric">{countText(totals.flops)}</td>
              <td className="numeric">{bytesText(totals.activationBytes)}</td>
            </tr>
          </tfoot>
        </table>
      </div>
    </Dialog>
  );
}

function Row({ layer }: { readonly layer: LayerView }) {
  const go = () => {
    close();
    select([layer.name]);
    canvasControls.current?.lookAt(layer.name);
  };
  const [name, ...others] = columns;
  return (
    <tr>
      <th scope="row">
        <button type="button" className="text-button" onClick={go}>
          <Icon
            name={layer.definition?.icon ?? 'question'}
            colour={categoryColour(layer.definition?.category)}
          />
          {name.text(layer)}
        </button>
      </th>
      {others.map(({ title, text, numeric }) => (
        <td key={title()} className={numeric ? 'numeric' : ''}>
          {text(layer)}
        </td>
      ))}
    </tr>
  );
}

/**
 * The script of a page that replays a run: moves picture, curves, table and findings to a reading. It runs in any browser,
 * without an engine, and sets text only as text.
 */
import * as l10n from '@vscode/l10n';
import './player.css';
import './network.css';
import { newestFindings } from '../../engine/protocol/findings.ts';
import { paceOf } from '../controls/pace.ts';
import type { ReplayData } from './data.ts';
import { make } from './elements.ts';
import { PlayerCharts } from './playerCharts.ts';
import { PlayerDetails } from './playerDetails.ts';
import { PlayerGraph } from './playerGraph.ts';
import { PlayerTable } from './playerTable.ts';

const found = (id: string): HTMLElement => document.getElementById(id)!;

const data = JSON.parse(found('data').textContent!) as ReplayData;
l10n.config({ contents: { ...data.translations } });

const prefersCalm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;
const grouped = new Intl.NumberFormat('en').format;

/** Readings that Page Up and Page Down skip. */
const page = 10;

function start(): void {
  const { readings, recorded } = data;
  const replay = found('replay');
  replay.textContent = '';
  if (readings.length === 0) {
    found('summary').textContent = l10n.t('This run recorded no statistics.');
    return;
  }
  const lastIndex = readings.length - 1;
  const lastStep = readings[lastIndex].step;
  const kept =
    readings.length < recorded
      ? l10n.t('Recorded readings: {0}. Shown: {1}.', grouped(recorded), grouped(readings.length))
      : l10n.t('Recorded readings: {0}.', grouped(recorded));
  found('summary').textContent = `${l10n.t('Replay of a recorded training.')} ${kept}`;

  const findings = make('ul', { className: 'findings', ariaLabel: l10n.t('Findings') });
  const charts = make('div', { className: 'charts' });
  const tableBox = make('div', { className: 'table', tabIndex: 0 });
  const detailsBox = make('section', { className: 'details', ariaLabel: l10n.t('A layer in detail') });
  replay.append(findings, charts, detailsBox, tableBox);
  const graph = new PlayerGraph(found('graph'), data);
  const details = new PlayerDetails(detailsBox, data, (layer) => graph.mark(layer));
  graph.offer(details.layers, (layer) => {
    details.choose(layer);
    detailsBox.scrollIntoView({ block: 'nearest', behavior: prefersCalm() ? 'auto' : 'smooth' });
  });
  graph.mark(details.chosen);
  const views = [graph, new PlayerCharts(charts, data), details, new PlayerTable(tableBox, data)];

  const button = make('button', { type: 'button', className: 'play' });
  const slider = make('input', { type: 'range', min: '0', max: String(lastIndex), step: '1' });
  // A selection that the browser begins to drag takes the pointer away from the slider.
  slider.ondragstart = (event) => event.preventDefault();
  slider.ariaLabel = l10n.t('Step whose statistics are shown');
  const place = make('output', { className: 'place' });
  found('controls').append(button, slider, place);

  let at = lastIndex;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function show(index: number): void {
    at = Math.max(0, Math.min(lastIndex, index));
    const { step, epoch } = readings[at];
    const text = l10n.t('step {0} of {1}', grouped(step), grouped(lastStep));
    slider.value = String(at);
    slider.ariaValueText = text;
    place.textContent = `${text} · ${l10n.t('epoch {0} of {1}', epoch, data.epochs)}`;
    for (const view of views) view.show(at);
    const known = newestFindings(data.findings.filter((finding) => finding.step <= step));
    findings.replaceChildren(
      ...known.map(({ severity, message, code }) =>
        make('li', { className: severity, title: code, textContent: `${words[severity]()}: ${message}` }),
      ),
    );
  }

  function stop(): void {
    clearTimeout(timer);
    timer = undefined;
    button.textContent = `\u25B6 ${l10n.t('Play')}`;
  }

  function play(): void {
    button.textContent = `\u23F8 ${l10n.t('Pause')}`;
    const { move, wait } = paceOf(readings.length, prefersCalm());
    timer = setTimeout(() => {
      if (at === lastIndex) stop();
      else {
        show(at + move);
        play();
      }
    }, wait);
  }

  button.addEventListener('click', () => {
    if (timer !== undefined) stop();
    else {
      if (at === lastIndex) show(0);
      play();
    }
  });
  slider.addEventListener('input', () => {
    stop();
    show(Number(slider.value));
  });
  const keys: { readonly [key: string]: () => void } = {
    ArrowLeft: () => show(at - 1),
    ArrowRight: () => show(at + 1),
    PageDown: () => show(at - page),
    PageUp: () => show(at + page),
    Home: () => show(0),
    End: () => show(lastIndex),
  };
  addEventListener('keydown', (event) => {
    // Elsewhere these keys scroll.
    const isHere = event.target === slider || event.target === document.body || event.target === button;
    const move = event.ctrlKey || event.metaKey || event.altKey || !isHere ? undefined : keys[event.key];
    if (!move) return;
    event.preventDefault();
    stop();
    move();
  });
  stop();
  show(lastIndex);
  slider.focus();
}

const words = {
  error: () => l10n.t('Error'),
  warning: () => l10n.t('Warning'),
  info: () => l10n.t('Information'),
};

start();

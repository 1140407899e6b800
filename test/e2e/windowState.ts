/** What a window shows, in words: for the errors of tests on machines that keep no pictures. */
import type { Page } from 'playwright-core';

/** What a page or one of its frames answers; undefined if it does not answer soon, as while it is loaded. */
async function answerOf<T>(work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), 5000);
  });
  const answer = await Promise.race([work.catch(() => undefined), late]);
  clearTimeout(timer);
  return answer;
}

/** The places of everything that moves when a window is arranged again: the same text twice means that it is at rest. */
export async function placesIn(page: Page): Promise<string> {
  const parts = page.frames().map((frame) =>
    answerOf(
      frame.evaluate(() => {
        const parts =
          '.split-view-view, iframe.webview, .view-line, .react-flow__viewport, .react-flow__node';
        return [...document.querySelectorAll(parts)].map((element) => {
          const { x, y, width, height } = element.getBoundingClientRect();
          return [x, y, width, height].join();
        });
      }),
    ),
  );
  return (await Promise.all(parts)).flat().join(' ');
}

/** Runs in the page. Returns one line for each part of the window that is there. */
function stateOfPage(): string[] {
  const shown = (selector: string) =>
    [...document.querySelectorAll<HTMLElement>(selector)].filter((element) => {
      const { width, height } = element.getBoundingClientRect();
      return width > 0 && height > 0 && getComputedStyle(element).visibility !== 'hidden';
    });
  const textOf = (element: Element) => (element.textContent ?? '').replace(/\s+/g, ' ').trim().slice(0, 200);
  const nameOf = (element: Element) =>
    [element.localName, ...[...element.classList].slice(0, 4)].join('.') +
    (element.getAttribute('aria-label') ? ` "${element.getAttribute('aria-label')?.slice(0, 80)}"` : '');
  const pathOf = (element: Element | null) => {
    const names: string[] = [];
    for (let at = element; at && names.length < 5; at = at.parentElement) names.push(nameOf(at));
    return names.join(' in ');
  };
  const places = (element: Element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    return [left, top, right, bottom].map(Math.round).join(', ');
  };
  const lines: string[] = [];
  const add = (what: string, values: readonly string[]) => {
    for (const value of values) lines.push(`${what}: ${value}`);
  };
  lines.push(`Window: ${innerWidth} × ${innerHeight}${document.hasFocus() ? '' : ', without the focus'}`);
  lines.push(`Focus: ${pathOf(document.activeElement)}`);
  add(
    'Tab in front',
    shown('.tabs-container .tab.active').map(
      (tab) => `${textOf(tab)}${tab.matches('.dirty') ? ', dirty' : ''}`,
    ),
  );
  for (const editor of shown('.monaco-editor').filter((one) => one.querySelector('.view-line'))) {
    const area = editor.getBoundingClientRect();
    const rows = [...editor.querySelectorAll<HTMLElement>('.view-line')].filter((row) => {
      const { top, bottom } = row.getBoundingClientRect();
      return bottom > area.top && top < area.bottom;
    });
    rows.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top);
    const numbers = [...editor.querySelectorAll('.active-line-number')].map(textOf);
    lines.push(
      `Text at ${places(editor)}${editor.matches('.focused') ? ', focused' : ''}: ${rows.length} lines in view, ` +
        `from "${rows[0] ? textOf(rows[0]) : ''}" to "${rows.at(-1) ? textOf(rows.at(-1)!) : ''}", cursor in line ${numbers.join() || '?'}`,
    );
  }
  add(
    'Graph',
    shown('iframe.webview').map(
      (frame) => `at ${places(frame)}${frame.matches('.ready') ? '' : ', not ready'}`,
    ),
  );
  add(
    'Quick input',
    shown('.quick-input-widget input.input').map(
      (input) =>
        `"${(input as HTMLInputElement).value}", rows: ${shown('.quick-input-list .monaco-list-row').map(textOf).join(' | ').slice(0, 500)}`,
    ),
  );
  add(
    'Hover',
    shown('.monaco-hover, .workbench-hover').map((hover) => `at ${places(hover)}: ${textOf(hover)}`),
  );
  add(
    'Menu',
    shown('.monaco-menu').map((menu) => `at ${places(menu)}: ${textOf(menu)}`),
  );
  add('Dialog', shown('.monaco-dialog-box').map(textOf));
  add(
    'Notification',
    shown('.notification-toast, .notifications-center').map(
      (toast) => `at ${places(toast)}: ${textOf(toast)}`,
    ),
  );
  add('Status bar', [shown('.statusbar-item').map(textOf).filter(Boolean).join(' | ')]);
  return lines;
}

/** Runs in a frame. Undefined if it is not the page of a graph. */
function stateOfGraph(): string | undefined {
  if (!document.querySelector('.canvas')) return undefined;
  const focus = document.activeElement;
  const label = focus?.getAttribute('data-id') ?? focus?.getAttribute('aria-label') ?? '';
  const selected = [...document.querySelectorAll('.react-flow__node.selected')].map((node) =>
    node.getAttribute('data-id'),
  );
  const panel = (document.querySelector('.training')?.textContent ?? '').replace(/\s+/g, ' ').slice(0, 300);
  return [
    `${document.querySelectorAll('.react-flow__node').length} cards`,
    `selected: ${selected.join() || 'none'}`,
    `focus: ${focus?.localName ?? 'none'} ${label}`,
    `training panel: ${panel}`,
  ].join(', ');
}

/** Everything that can explain why a test waits in vain. It throws no error. */
export async function describeWindow(page: Page): Promise<string> {
  const lines = (await answerOf(page.evaluate(stateOfPage))) ?? ['The window does not answer.'];
  for (const frame of page.frames().slice(1)) {
    const graph = await answerOf(frame.evaluate(stateOfGraph));
    if (graph) lines.push(`Page of a graph: ${graph}`);
  }
  return lines.map((line) => `  ${line}`).join('\n');
}

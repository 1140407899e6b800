/** `netloom vectors DIR`: computes reference cases and reports how much the engine's numbers differ. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { closingLine, reportSuite, type SuiteResults } from '../conformance/report.ts';
import { formatOf, type Machine, type Result, runFile } from '../conformance/suites.ts';

export interface Output {
  readonly line: (text: string) => void;
  readonly complain: (text: string) => void;
}

/**
 * Runs every reference file below a folder. Returns the exit code: 0 when no case failed, every file could be read,
 * and there were cases at all.
 */
export function runVectors(folder: string, machine: Machine, { line, complain }: Output): number {
  const root = resolve(folder);
  line(`computed in ${machine.precision} by the ${machine.backend.name} backend`);
  const suites = new Map<string, SuiteResults & { readonly results: Result[] }>();
  let unread = 0;
  const onUnread = (problem: string) => {
    complain(problem);
    unread++;
  };
  for (const file of jsonFiles(root, onUnread)) {
    const content = readJson(file);
    if ('problem' in content) {
      onUnread(`${file}: error: ${content.problem}`);
      continue;
    }
    const format = formatOf(content.value);
    if (!format) {
      complain(
        `${file}: warning: expected reference cases (an oracle's "cases", a Keras "layer", "iterations" of training or ONNX "nodes"), found ${outline(content.value)}. It is left out.`,
      );
      continue;
    }
    try {
      const results = runFile(format, content.value as Parameters<typeof runFile>[1], machine);
      const name = relative(root, dirname(file)) || basename(root);
      const key = `${name}\n${format.title}`;
      const suite = suites.get(key) ?? { name, title: format.title, results: [] };
      suites.set(key, suite);
      suite.results.push(...results);
    } catch (error) {
      onUnread(
        `${file}: error: expected ${format.title}, found a case that cannot be read: ${messageOf(error)}.`,
      );
    }
  }
  const all = [...suites.values()];
  for (const suite of all) for (const text of reportSuite(suite)) line(text);
  if (all.length === 0) complain(`${folder}: error: expected a folder of reference cases, found none in it.`);
  line(closingLine(all));
  const failed = all.some(({ results }) => results.some(({ outcome }) => outcome === 'failed'));
  return failed || unread > 0 || all.length === 0 ? 1 : 0;
}

/** In order of their names, so that two runs print the same. Links to folders are left out, because they can lead in a circle. */
function jsonFiles(folder: string, onUnread: (problem: string) => void): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .flatMap((entry) => {
        const path = join(folder, entry.name);
        if (entry.isDirectory()) return jsonFiles(path, onUnread);
        return entry.name.endsWith('.json') && (entry.isFile() || entry.isSymbolicLink()) ? [path] : [];
      });
  } catch (error) {
    onUnread(`${folder}: error: the folder cannot be read: ${messageOf(error)}. Check its permissions.`);
    return [];
  }
}

function readJson(file: string): { readonly value: unknown } | { readonly problem: string } {
  try {
    return { value: JSON.parse(readFileSync(file, 'utf8')) };
  } catch (error) {
    return {
      problem: `expected JSON, found a file that cannot be read: ${messageOf(error)}. Write it again.`,
    };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function outline(value: unknown): string {
  if (value === null || typeof value !== 'object') return typeof value;
  if (Array.isArray(value)) return 'a list';
  const names = Object.keys(value);
  return names.length === 0 ? 'an empty object' : `an object of ${names.slice(0, 5).join(', ')}`;
}

/** The pages of the reference about findings. */
import * as vscode from 'vscode';
import { findings } from '../../engine/diagnose/registry.ts';
import { findingAnchor } from '../../engine/reference/findings.ts';

/** Publisher and name, as package.json has them. */
const extensionId = 'netloom.netloom';

/** The codes of all findings that have a page. */
export const findingPages: readonly string[] = findings.map(({ code }) => code);

/**
 * The section of the reference on a finding. Its address contains no text of a repository, because a code is one of a fixed list.
 */
export function pageOf(code: string): vscode.Uri | undefined {
  if (!findingPages.includes(code)) return undefined;
  const repository: unknown = vscode.extensions.getExtension(extensionId)?.packageJSON.repository?.url;
  if (typeof repository !== 'string') return undefined;
  const page = `${repository.replace(/\.git$/, '')}/blob/main/docs/reference/findings.md`;
  return vscode.Uri.parse(page).with({ fragment: findingAnchor(code) });
}

/** Opens the page about a finding in the browser. */
export function openPageOf(code: string): void {
  const page = pageOf(code);
  if (page) void vscode.env.openExternal(page);
}

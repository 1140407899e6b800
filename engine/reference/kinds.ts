/** The reference page of one registry: every kind with what its definition says about it. */
import type { Kind } from '../schema/attributes.ts';
import { attributeTable } from './attributes.ts';

export interface KindPage<K extends Kind> {
  readonly title: string;
  /** Markdown: what these kinds are for and how one is written in a spec. */
  readonly introduction: string;
  /** Groups under headings of their own; one group without a heading otherwise. */
  readonly groups: readonly { readonly heading?: string; readonly kinds: readonly K[] }[];
  /** Facts of one kind beside its documentation and attributes: a list of sentences. */
  facts?(kind: K): readonly string[];
  /** A line of a spec that uses the kind. */
  example?(kind: K): string;
}

/** The first line of every page, so that nobody edits what the next run overwrites. */
export const generatedNote =
  '<!-- Generated from the definitions in engine/ by `npm run reference`; do not edit. -->';

/** Blocks of Markdown, an empty line between any two; empty ones are left out. */
export const blocks = (...parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');

const anchor = ({ type }: Kind): string => `[${type}](#${type.toLowerCase()})`;

/** A page as Markdown, and the same by kind. */
export interface ReferencePage {
  readonly text: string;
  readonly sections: readonly { readonly page: string; readonly type: string; readonly text: string }[];
}

export function kindPage<K extends Kind>(page: KindPage<K>): ReferencePage {
  const contents = page.groups.map(({ heading, kinds }) => {
    const links = kinds.map(anchor).join(' · ');
    return heading ? `- **${heading}:** ${links}` : links;
  });
  const sections = page.groups.flatMap(({ heading, kinds }) => [
    heading ? `## ${heading}` : '',
    ...kinds.map((kind) => section(page, kind)),
  ]);
  const text = `${blocks(generatedNote, `# ${page.title}`, page.introduction, contents.join('\n'), ...sections)}\n`;
  return {
    text,
    sections: page.groups.flatMap(({ kinds }) =>
      kinds.map((kind) => ({ page: page.title, type: kind.type, text: section(page, kind) })),
    ),
  };
}

function section<K extends Kind>(page: KindPage<K>, kind: K): string {
  const facts = page.facts?.(kind) ?? [];
  const example = page.example?.(kind);
  return blocks(
    `### ${kind.type}`,
    `*${kind.label}*`,
    kind.doc,
    facts.map((fact) => `- ${fact}`).join('\n'),
    attributeTable(kind.attributes),
    example ? `\`\`\`jsonc\n${example}\n\`\`\`` : '',
  );
}

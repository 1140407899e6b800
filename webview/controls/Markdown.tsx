/** Documentation: paragraphs, lists, tables, bold, emphasis, code, and links as text. Nothing is ever set as HTML. */
export function Markdown({ text }: { readonly text: string }) {
  return (
    <div className="markdown">
      {text.split(/\n{2,}/).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a text's paragraphs have no other identity.
        <Block key={index} text={block.trim()} />
      ))}
    </div>
  );
}

function Block({ text }: { readonly text: string }) {
  const lines = text.split('\n');
  if (text.startsWith('```')) return <pre>{lines.slice(1, -1).join('\n')}</pre>;
  if (item.test(text))
    return (
      <ul>
        {itemsOf(text).map((text) => (
          <li key={text}>
            <Inline text={text} />
          </li>
        ))}
      </ul>
    );
  if (lines.length >= 2 && isTableRule(lines[1])) return <Table lines={lines} />;
  return (
    <p>
      <Inline text={lines.join(' ').replace(/^#+ /, '')} />
    </p>
  );
}

const item = /^[-*] /;

/** A line that begins no item continues the one before it. */
const itemsOf = (text: string): readonly string[] =>
  text.split(/\n\s*(?=[-*] )/).map((lines) => lines.replace(item, '').replaceAll(/\s*\n\s*/g, ' '));

const isTableRule = (line: string): boolean => /^\|(?:\s*:?-+:?\s*\|)+$/.test(line.trim());

/** The cells of `| a | b |`; a bar within a cell is written `\\|`. */
const cellsOf = (line: string): readonly string[] =>
  line
    .trim()
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim().replaceAll('\\|', '|'));

function Table({ lines: [head, , ...rows] }: { readonly lines: readonly string[] }) {
  return (
    <table>
      <thead>
        <tr>
          {cellsOf(head).map((cell) => (
            <th key={cell} scope="col">
              <Inline text={cell} />
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row}>
            {cellsOf(row).map((cell) => (
              <td key={cell}>
                <Inline text={cell} />
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Splits at `code`, **bold**, *emphasis*, [links](to somewhere) and backslash escapes such as \[. */
const inline = /(`[^`]+`|\*\*[^*]+\*\*|\*[^*\s](?:[^*]*[^*\s])?\*|\[[^\]]+\]\([^)]*\)|\\[\\`*_[\]()|#.!+-])/;

function Inline({ text }: { readonly text: string }) {
  return text.split(inline).map((part, index) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one fixed text.
    <Part key={index} text={part} />
  ));
}

function Part({ text }: { readonly text: string }) {
  const link = /^\[([^\]]+)\]\(([^)]*)\)$/.exec(text);
  if (text.startsWith('`')) return <code>{text.slice(1, -1)}</code>;
  if (text.startsWith('**')) return <strong>{text.slice(2, -2)}</strong>;
  if (text.length > 2 && text.startsWith('*') && text.endsWith('*')) return <em>{text.slice(1, -1)}</em>;
  if (text.length === 2 && text.startsWith('\\')) return text[1];
  if (link)
    return (
      <span className="link-text" title={link[2]}>
        {link[1]}
      </span>
    );
  return text;
}

/** The same text without marks, for tooltips. */
export const plainText = (text: string): string =>
  text
    .replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1')
    .replaceAll(/\*\*|`|(?<!\S)\*(?=\S)|(?<=\S)\*(?=[\s.,;:)]|$)/g, '')
    .replaceAll(/\\(?=[[\]*_`|])/g, '');

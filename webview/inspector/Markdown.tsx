/** Documentation texts: paragraphs, lists, bold, code, and links as text. Nothing is ever set as HTML. */
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
  if (lines.every((line) => /^\s*[-*] /.test(line)))
    return (
      <ul>
        {lines.map((line) => (
          <li key={line}>
            <Inline text={line.replace(/^\s*[-*] /, '')} />
          </li>
        ))}
      </ul>
    );
  return (
    <p>
      <Inline text={lines.join(' ').replace(/^#+ /, '')} />
    </p>
  );
}

/** Splits at `code`, **bold** and [links](to somewhere). */
const inline = /(`[^`]+`|\*\*[^*]+\*\*|\[[^\]]+\]\([^)]*\))/;

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
  text.replaceAll(/\*\*|`/g, '').replaceAll(/\[([^\]]+)\]\([^)]*\)/g, '$1');

/** Limits the messages of the webview: sizes are checked before the content is read. */

const deepest = 32;
const mostValues = 100_000;
const mostCharacters = 1_000_000;

/** Whether a message is small plain data. Works without recursion, so that deep nesting cannot exhaust the stack. */
export function isWithinLimits(message: unknown): boolean {
  const waiting: { readonly value: unknown; readonly depth: number }[] = [{ value: message, depth: 0 }];
  let values = 0;
  let characters = 0;
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const { value, depth } = next;
    if (++values > mostValues || depth > deepest) return false;
    if (typeof value === 'string') characters += value.length;
    else if (typeof value === 'object' && value !== null) {
      if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return false;
      for (const key of Object.keys(value)) {
        if (key === '__proto__') return false;
        characters += key.length;
        waiting.push({ value: (value as Record<string, unknown>)[key], depth: depth + 1 });
      }
    } else if (!['number', 'boolean', 'undefined'].includes(typeof value) && value !== null) return false;
    if (characters > mostCharacters) return false;
  }
  return true;
}

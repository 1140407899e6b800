/** A moment as short text: the parts of its date that a person knows are left out, so that the time is not cut off. */
export function momentText(moment: Date, now: Date, language?: string): string {
  if (moment.toDateString() === now.toDateString())
    return moment.toLocaleTimeString(language, { timeStyle: 'short' });
  if (moment.getFullYear() !== now.getFullYear())
    return moment.toLocaleString(language, { dateStyle: 'medium', timeStyle: 'short' });
  return moment.toLocaleString(language, {
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
  });
}

/** A page of the centre that can only be looked at: no script runs, no form is sent, no link leads anywhere, and nothing is asked for again. */
export function inertMarkup(html: string): string {
  return html
    .replace(/<script\b[^>]*>[\s\S]*?<\/script>/g, '')
    .replace(/<meta http-equiv="refresh"[^>]*>/g, '')
    .replace(/<form\b/g, '<form inert')
    .replace(/<a\b/g, '<a inert');
}

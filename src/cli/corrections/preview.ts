import { open } from 'node:fs/promises';
import { withDomain } from '../../composition/domain.js';
import type { PreviewedCandidate } from '../../office/corrections/preview/preview-rows.js';
import type { CommandResult, Context } from '../program/command.js';
import { previewFor, previewJson, showPreview } from './shown-preview.js';

interface PreviewGiven {
  readonly id: string;
  readonly by: string;
  readonly rows: string | undefined;
}

const COLUMNS = ['line', 'outcome', 'values', 'warnings', 'reason'];

/** `correction preview ID`. */
export function runPreview({ id, by, rows }: PreviewGiven, { settings, out, signal }: Context): Promise<CommandResult> {
  return withDomain(settings, async (domain) => {
    await domain.catalogue.start();
    const file = rows === undefined ? undefined : await open(rows, 'wx', 0o600);
    try {
      await file?.appendFile(`\uFEFF${csvOf([COLUMNS])}`);
      const preview = await previewFor(by, id, domain, signal, (candidates) => file?.appendFile(csvOf(rowsOf(candidates))));
      showPreview(preview, out);
      return { json: previewJson(preview), differs: preview.refused > 0 };
    } finally {
      await file?.close();
    }
  });
}

function rowsOf(candidates: readonly PreviewedCandidate[]): readonly (readonly string[])[] {
  return candidates.flatMap((candidate) =>
    candidate.rows.map(({ line, outcome, values, warnings, refusal }) => [
      String(line),
      outcome,
      values.map(({ field, before, after }) => `${field}${field && ' '}${before} → ${after}`).join('；'),
      warnings.join('；'),
      refusal?.reason ?? '',
    ]),
  );
}

function csvOf(rows: readonly (readonly string[])[]): string {
  return rows.map((fields) => `${fields.map(quoted).join(',')}\n`).join('');
}

/** A spreadsheet takes what begins like a formula for one. */
function quoted(text: string): string {
  return `"${(/^[=+\-@\t]/.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
}

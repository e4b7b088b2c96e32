import type { Launch } from '../src/kernel/supervisor.js';

/** Runs on the test's event loop instead of a thread. */
export function inline<Report>(run: (report: (report: Report) => void, signal: AbortSignal) => Promise<void>): Launch<Report> {
  return (report) => {
    const stopping = new AbortController();
    return { ended: run(report, stopping.signal), stop: () => stopping.abort() };
  };
}

import type { Stream } from '../event-store/event.js';

/** What is noted of one batch. It is about no candidate. */
export const importStream = (batch: string): Stream => ({ name: `import-${batch}` });

import type { Stream } from '../event-store/event.js';

export const noticeStream = (notice: string): Stream => ({ name: `notice-${notice}` });

import type { Stream } from '../event-store/event.js';

export const taskStream = (task: string): Stream => ({ name: `task-${task}` });

export const viewingStream = (viewing: string): Stream => ({ name: `viewing-${viewing}` });

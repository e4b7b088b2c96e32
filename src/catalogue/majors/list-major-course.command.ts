import type { Appended } from '../../event-store/append.js';
import { Command } from '../../event-store/command.js';
import type { Given } from '../../event-store/decider.js';
import { handler } from '../../event-store/handler.js';
import { majorStream } from '../catalogue.streams.js';
import { listMajorCourse, major } from './major.decider.js';

/** Puts a course into a major's plan, required 必考 or not. */
export class ListMajorCourse extends Command<Appended> {
  constructor(
    readonly given: Given,
    readonly major: string,
    readonly course: string,
    readonly required: boolean,
  ) {
    super();
  }
}

export const ListMajorCourseHandler = handler(ListMajorCourse, {
  stream: ({ major }) => majorStream(major),
  decider: major,
  decide: listMajorCourse,
});

import type { Recorded } from '../event.js';
import { Passing } from './faults.js';
import { drain } from './flow.js';
import type { Node } from './node.js';
import type { Sent } from './recorded.js';
import { streamRequest } from './requests.js';

/**
 * Whether a server holds the log that this process began with: it may have come back with an empty disk, or a name may lead to
 * another one. A log is told by the first event of one of its streams, which is never changed.
 */
export class OwnLog {
  private known: string | undefined;

  /** @param stream as the server has it; undefined where logs are not told from one another */
  constructor(
    private readonly stream: string | undefined,
    private readonly decode: (event: Sent) => Recorded | undefined,
  ) {}

  /**
   * Looks at the log of a node, within `ms` of silence; the first that has an id is the own one.
   * @returns whether it has an id
   * @throws Passing when it is another log, for the server may be given the right one again; or what a read throws
   */
  async isKnownOn(node: Node, ms: number): Promise<boolean> {
    if (this.stream === undefined) return true;
    let found: string | undefined;
    await drain(node.read(streamRequest(this.stream, { count: 1 })), ms, (message) => {
      const event = message.getEvent()?.getEvent();
      const first = event && this.decode(event);
      if (first) found = String((first.data as { readonly id?: string }).id ?? first.id);
      return true;
    });
    if (this.known !== undefined && found !== this.known) {
      const said = found === undefined ? 'the log has no installation' : `the log is of installation ${found}`;
      throw new Passing(`${said}, but this process began with that of installation ${this.known}: it is another log`);
    }
    this.known = found;
    return found !== undefined;
  }
}

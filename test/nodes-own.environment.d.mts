export default class NodesOwn {
  constructor(given: { projectConfig: object });
  teardown(): Promise<void>;
}

import { LRUCache } from 'lru-cache';
import type { Adapter, AdapterPayload } from 'oidc-provider';

/** Enough for the sign-ins under way; a sandbox may forget older ones. */
const MAX_ENTRIES = 10_000;

/** The provider's data of one kind, in memory. */
export class InMemoryAdapter implements Adapter {
  private readonly payloads = new LRUCache<string, AdapterPayload>({ max: MAX_ENTRIES });

  async upsert(id: string, payload: AdapterPayload, expiresIn?: number): Promise<void> {
    this.payloads.set(id, payload, { ...(expiresIn && { ttl: expiresIn * 1000 }) });
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    return this.payloads.get(id);
  }

  async findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return [...this.payloads.values()].find((payload) => payload.uid === uid);
  }

  async findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return [...this.payloads.values()].find((payload) => payload.userCode === userCode);
  }

  async consume(id: string): Promise<void> {
    const payload = this.payloads.get(id);
    if (payload) payload.consumed = Math.floor(Date.now() / 1000);
  }

  async destroy(id: string): Promise<void> {
    this.payloads.delete(id);
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    for (const [id, payload] of this.payloads) if (payload.grantId === grantId) this.payloads.delete(id);
  }
}

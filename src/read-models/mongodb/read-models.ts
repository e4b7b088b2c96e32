import type { Filter } from 'mongodb';
import { START } from '../../event-store/event.js';
import { Mongodb } from '../../mongodb/mongodb.js';
import { earliestOf } from '../projecting/earliest.js';
import { nameOf, type Projection, type ReadModel } from '../projection.js';
import { assertPage, type Checkpoint, type Listed, type ReadModelSnapshot, ReadModels } from '../read-models.js';
import { decodeCursor, encodeCursor } from '../serving/cursor.js';
import { documentsOf, fieldOf, PROJECTOR, projectorIn } from './collections.js';
import { quarantineId, quarantineIn } from './quarantine.js';
import { type DocumentRow, documentIn } from './rows.js';

/** The read models in MongoDB, as pages read them: one find by key, from the primary. */
export class MongodbReadModels extends ReadModels {
  private readonly database: Mongodb;

  constructor(url: string) {
    super();
    this.database = Mongodb.open(url);
  }

  override async get<Document>(model: ReadModel<Document>, key: string): Promise<Document> {
    const row = await this.database.withTimeout(documentsOf(this.database, model).findOne({ _id: key }, { projection: { by: 0 } }));
    return (row && (documentIn(model, row) as Document | null)) ?? model.empty;
  }

  override async list<Document>(model: ReadModel<Document>, index: string, after: string | undefined, limit: number): Promise<readonly Listed<Document>[]> {
    assertPage(model, 'indexes', index, limit);
    const found = documentsOf(this.database, model)
      .find(beyond(fieldOf(index), after))
      .sort({ [fieldOf(index)]: 1, _id: 1 })
      .limit(limit);
    const rows = await this.database.withTimeout(found.toArray());
    return rows.flatMap((row) => {
      const value = row.by?.[index];
      return typeof value === 'string' ? [{ key: row._id, cursor: encodeCursor([value, row._id]), document: documentIn(model, row) as Document }] : [];
    });
  }

  override async lookUp<Document>(
    model: ReadModel<Document>,
    lookup: string,
    value: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly Listed<Document>[]> {
    assertPage(model, 'lookups', lookup, limit);
    const beyond = after === undefined ? {} : { _id: { $gt: decodeCursor(after)[1] } };
    const found = documentsOf(this.database, model)
      .find({ [fieldOf(lookup)]: value, ...beyond }, { projection: { by: 0 } })
      .sort({ _id: 1 })
      .limit(limit);
    const rows = await this.database.withTimeout(found.toArray());
    return rows.map((row) => ({ key: row._id, cursor: encodeCursor([value, row._id]), document: documentIn(model, row) as Document }));
  }

  override async all<Document>(model: ReadModel<Document>): Promise<ReadModelSnapshot<Document>> {
    // reads in the opposite order of the projector's writes: documents have seen what the checkpoint says, and maybe more
    const { position = START } = (await this.checkpoints())[nameOf(model)] ?? {};
    const quarantined = await this.database.withTimeout(
      quarantineIn(this.database)
        .find({ readModel: nameOf(model) })
        .toArray(),
    );
    const rows = await this.database.withTimeout(documentsOf(this.database, model).find().toArray());
    const ahead = new Map(rows.flatMap((row) => (row.position > position ? [[row._id, row.position]] : [])));
    return {
      position,
      documents: new Map(rows.map((row) => [row._id, documentIn(model, row) as Document]).filter((entry): entry is [string, Document] => entry[1] !== null)),
      quarantined: new Set(quarantined.map(({ key }) => key)),
      ...(ahead.size > 0 && { ahead }),
    };
  }

  override async isQuarantined(model: ReadModel<unknown>, key: string): Promise<boolean> {
    return (await this.database.withTimeout(quarantineIn(this.database).findOne({ _id: quarantineId(model, key) }))) !== null;
  }

  override async checkpoint(projections: readonly Projection[]): Promise<Checkpoint> {
    const checkpoints = await this.checkpoints();
    return earliestOf(projections.map((projection) => checkpoints[nameOf(projection)] ?? { position: START }));
  }

  override async withoutPlace<P extends ReadModel<unknown>>(models: readonly P[]): Promise<readonly P[]> {
    const made = new Set(await this.database.collectionNames());
    return models.filter((model) => !made.has(nameOf(model)));
  }

  override async close(): Promise<void> {
    await this.database.close();
  }

  private async checkpoints(): Promise<Readonly<Record<string, Checkpoint | undefined>>> {
    const row = await this.database.withTimeout(projectorIn(this.database).findOne({ _id: PROJECTOR }, { projection: { checkpoints: 1 } }));
    return row?.checkpoints ?? {};
  }
}

/** Documents that an index lists, from its beginning or after a cursor. Text sorts by its bytes in UTF-8. @throws UnreadableCursor */
function beyond(field: string, after: string | undefined): Filter<DocumentRow> {
  if (after === undefined) return { [field]: { $gte: '' } }; // all text, and no other type
  const [value, key] = decodeCursor(after);
  return { $or: [{ [field]: value, _id: { $gt: key } }, { [field]: { $gt: value } }] };
}

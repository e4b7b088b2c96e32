import type { Filter } from 'mongodb';
import { START } from '../../event-store/event.js';
import { Mongodb } from '../../mongodb/mongodb.js';
import { earliestOf } from '../projecting/earliest.js';
import { nameOf, type Projection, type ReadModel } from '../projection.js';
import { type Checkpoint, type Listed, type ReadModelSnapshot, ReadModels } from '../read-models.js';
import { decodeCursor, encodeCursor } from '../serving/cursor.js';
import { type DocumentRow, documentsOf, fieldOf, PROJECTOR, projectorIn } from './collections.js';
import { quarantineId, quarantineIn } from './quarantine.js';

/** The read models in MongoDB, as pages read them: one find by key, from the primary. */
export class MongodbReadModels extends ReadModels {
  private readonly database: Mongodb;

  constructor(url: string) {
    super();
    this.database = Mongodb.open(url);
  }

  override async get<Document>(model: ReadModel<Document>, key: string): Promise<Document> {
    const row = await this.database.withTimeout(documentsOf(this.database, model).findOne({ _id: key }, { projection: { _id: 0, document: 1 } }));
    return row?.document ? JSON.parse(row.document) : model.empty;
  }

  override async list<Document>(model: ReadModel<Document>, index: string, after: string | undefined, limit: number): Promise<readonly Listed<Document>[]> {
    if (!Object.hasOwn(model.indexes ?? {}, index)) throw new Error(`read model ${nameOf(model)} declares no index ${index}`);
    if (!Number.isInteger(limit) || limit < 1) throw new RangeError(`a page of ${limit} documents`);
    const found = documentsOf(this.database, model)
      .find(beyond(fieldOf(index), after))
      .sort({ [fieldOf(index)]: 1, _id: 1 })
      .limit(limit);
    const rows = await this.database.withTimeout(found.toArray());
    return rows.flatMap(({ _id, document, by }) => {
      const value = by?.[index];
      return value === undefined || document === null ? [] : [{ key: _id, cursor: encodeCursor([value, _id]), document: JSON.parse(document) }];
    });
  }

  override async all<Document>(model: ReadModel<Document>): Promise<ReadModelSnapshot<Document>> {
    // in the opposite order of the projector's writes: what the one says is in the next, and maybe more
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
      documents: new Map(rows.flatMap(({ _id, document }) => (document === null ? [] : [[_id, JSON.parse(document)]]))),
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
  if (after === undefined) return { [field]: { $gte: '' } }; // all text, and nothing that is none
  const [value, key] = decodeCursor(after);
  return { $or: [{ [field]: value, _id: { $gt: key } }, { [field]: { $gt: value } }] };
}

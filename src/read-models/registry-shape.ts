import { z } from 'zod';
import { partsOfName, type Registry } from './registry.js';

const instant = z.string().refine((text) => !Number.isNaN(Date.parse(text)));

const build = z.looseObject({
  name: z.string().min(1),
  readModel: z.string().min(1),
  version: z.int().positive(),
  fingerprint: z.string(),
  state: z.enum(['building', 'current']),
  form: z.literal('fields').optional(),
  begun: instant,
  left: instant.optional(),
});

const shape = z.looseObject({
  revision: z.int().nonnegative(),
  serving: z.record(z.string(), z.string()),
  before: z.record(z.string(), z.string()),
  builds: z.array(build),
  requests: z.array(z.looseObject({ id: z.string(), what: z.looseObject({ kind: z.string() }) })),
  installation: z.string().min(1).optional(),
  prefix: z.string().min(1).optional(),
});

/**
 * What is stored as the registry, where it is one as a whole: with one that contradicts itself nobody knows which builds there are, and
 * pages would read documents of another read model. A served build that it does not hold can be made anew, and is none of that.
 * @param damaged of what it lacks
 */
export function wholeRegistry(stored: unknown, damaged: (lacks: string) => Error): Registry {
  const lacks = lackOfShape(stored) ?? contradictionIn(stored as Registry);
  if (lacks !== undefined) throw damaged(lacks);
  return stored as Registry;
}

function lackOfShape(stored: unknown): string | undefined {
  const issue = shape.safeParse(stored).error?.issues[0];
  if (!issue) return undefined;
  const lacking = issue.code === 'invalid_type' && issue.message.endsWith('received undefined');
  return lacking || issue.path.length === 0 ? '缺少内容' : `中的 ${issue.path.join('.')} 不对`;
}

function contradictionIn({ builds, serving, before }: Registry): string | undefined {
  const names = builds.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return `中有两个 ${twice}`;
  const misnamed = builds.find(({ name, readModel, version }) => {
    const parts = partsOfName(name);
    return parts?.readModel !== readModel || parts.version !== version;
  });
  if (misnamed) return `中 ${misnamed.name} 写成了 ${misnamed.readModel} 的第 ${misnamed.version} 版`;
  const foreign = [...Object.entries(serving), ...Object.entries(before)].find(([readModel, name]) => partsOfName(name)?.readModel !== readModel);
  return foreign && `中 ${foreign[0]} 的版本写成了 ${foreign[1]}`;
}

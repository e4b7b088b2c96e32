import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

/** The mark of the office's routes, for which its own guard stands: `OfficeRouteMark` of src/office/rights. */
export const OFFICE = 'office';

/** An entry of the office's navigation. */
export interface OfficeMenuEntry {
  readonly href: string;
  readonly label: string;
  readonly icon: string;
}

/** The signed-in officer, from the verified session cookie and the read model of officers. */
export interface OfficeVisitor<Role extends string = string> {
  readonly account: string;
  readonly session: string;
  readonly roles: readonly Role[];
  readonly districts: readonly string[];
  /** As the pages write them. */
  readonly roleNames: readonly string[];
  /** Whether the officer may search for candidates. */
  readonly searches: boolean;
  /** Whether the officer may see who candidates are, and so search by names and numbers of persons. */
  readonly seesPersons: boolean;
  /** What the officer may open. */
  readonly menu: readonly OfficeMenuEntry[];
}

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the office's guard. */
    officer?: OfficeVisitor;
  }
}

/** The officer of the session; the office's guard ensures that there is one. */
export const CurrentOfficer = createParamDecorator((_: unknown, context: ExecutionContext): OfficeVisitor => {
  const { officer } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!officer) throw new Error('a page for officers is not marked with a right');
  return officer;
});

/** Whether a request is for a page of the office, also for one that does not exist. */
export function isOfOffice({ url }: Pick<FastifyRequest, 'url'>): boolean {
  return /^\/office(?:[/?]|$)/.test(url);
}

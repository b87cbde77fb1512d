import { empty, type Sql, sql } from '../../../base/database.ts';
import type { Tenant } from '../../platform.ts';
import type { Look } from './look.ts';

/** A template as stored. */
export type Template = { id: string; name: string; look: Look; createdAt: Date; updatedAt: Date };

const columns = sql`id, name, look, created_at as "createdAt", updated_at as "updatedAt"`;

export function insertTemplate(tenant: Tenant, { id, name, look, createdAt }: Template): Sql {
  return sql`insert into templates (tenant, id, name, look, created_at, updated_at)
    values (${tenant}, ${id}, ${name}, ${JSON.stringify(look)}, ${createdAt}, ${createdAt})`;
}

export function findTemplateRow(tenant: Tenant, id: string): Sql {
  return sql`select ${columns} from templates where tenant = ${tenant} and id = ${id}`;
}

export function selectTemplates(tenant: Tenant, limit: number, after?: { at: Date; id: string }): Sql {
  return sql`select ${columns} from templates where tenant = ${tenant}
    ${after ? sql`and (created_at, id) < (${after.at}::timestamptz, ${after.id}::text)` : empty}
    order by created_at desc, id desc limit ${limit + 1}`;
}

export function replaceTemplate(tenant: Tenant, { id, name, look }: Template, at: Date): Sql {
  return sql`update templates set name = ${name}, look = ${JSON.stringify(look)}, updated_at = ${at}
    where tenant = ${tenant} and id = ${id} returning ${columns}`;
}

export function deleteTemplateRow(tenant: Tenant, id: string): Sql {
  return sql`delete from templates where tenant = ${tenant} and id = ${id}`;
}

export function countTemplates(tenant: Tenant): Sql {
  return sql`select count(*)::int as count from templates where tenant = ${tenant}`;
}

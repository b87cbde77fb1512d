import { type Sql, sql } from '../../base/database.ts';
import type { Tenant } from '../platform.ts';

/** How many visits of a period reached which step, by bank. A visit counts once for each step, however often it was there. */
export function countSteps(tenant: Tenant, from: Date, until: Date): Sql {
  return sql`with visits as (
      select s.id, coalesce(s.chosen_provider, s.provider) as provider, s.status, s.owner is not null as opened, s.phases
      from sessions s where s.tenant = ${tenant} and s.created_at >= ${from} and s.created_at < ${until}
    ), steps as (
      select id, provider, 'created' as step from visits
      union all select id, provider, 'opened' from visits where opened
      union all select id, provider, 'open' from visits where status = 'open'
      union all select distinct v.id, v.provider, p ->> 'phase' from visits v, jsonb_array_elements(v.phases) p
    )
    select provider, step, count(*)::int as visits from steps group by provider, step order by provider nulls last, step`;
}

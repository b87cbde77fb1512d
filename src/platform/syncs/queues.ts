/** Jobs that each run one sync: `{ tenant, sync }`. */
export const SYNC_QUEUE = 'sync';

/** The job that finds what is planned for now, once a minute. */
export const PLAN_QUEUE = 'plan-syncs';

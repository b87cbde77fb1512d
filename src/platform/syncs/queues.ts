/** Jobs that each run one sync: `{ tenant, sync }`. */
export const SYNC_QUEUE = 'sync';

/** The job that finds what is planned for now, once a minute. */
export const PLAN_QUEUE = 'plan-syncs';

/** Syncs that somebody waits for: with hands of their own, so that they never queue behind background work. */
export const ATTENDED_QUEUE = 'sync-attended';

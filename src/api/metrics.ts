/** Counts of this process since it began, in the text form Prometheus reads. */
export type Metrics = { count(method: string, route: string, status: number, ms: number): void; text(): string };

const BOUNDS_S = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/** Counts from nothing. */
export function createMetrics(): Metrics {
  const requests = new Map<string, number>();
  const buckets = new Array<number>(BOUNDS_S.length).fill(0);
  let total = 0;
  let seconds = 0;
  return {
    count(method, route, status, ms) {
      const name = `method="${method}",route="${route}",status="${status}"`;
      requests.set(name, (requests.get(name) ?? 0) + 1);
      const bucket = BOUNDS_S.findIndex((bound) => ms / 1000 <= bound);
      if (bucket >= 0) buckets[bucket]! += 1;
      total += 1;
      seconds += ms / 1000;
    },
    text() {
      const atMost = (index: number) => buckets.slice(0, index + 1).reduce((sum, count) => sum + count, 0);
      const { rss, heapUsed } = process.memoryUsage();
      return [
        '# HELP drawbridge_http_requests_total Requests answered by the API.',
        '# TYPE drawbridge_http_requests_total counter',
        ...[...requests].map(([labels, count]) => `drawbridge_http_requests_total{${labels}} ${count}`),
        '# HELP drawbridge_http_request_seconds Time from request to answer.',
        '# TYPE drawbridge_http_request_seconds histogram',
        ...BOUNDS_S.map((bound, index) => `drawbridge_http_request_seconds_bucket{le="${bound}"} ${atMost(index)}`),
        `drawbridge_http_request_seconds_bucket{le="+Inf"} ${total}`,
        `drawbridge_http_request_seconds_sum ${seconds}`,
        `drawbridge_http_request_seconds_count ${total}`,
        '# HELP process_resident_memory_bytes Memory of this process.',
        '# TYPE process_resident_memory_bytes gauge',
        `process_resident_memory_bytes ${rss}`,
        '# HELP process_heap_used_bytes JavaScript heap in use.',
        '# TYPE process_heap_used_bytes gauge',
        `process_heap_used_bytes ${heapUsed}`,
        '# HELP process_uptime_seconds Seconds since the process began.',
        '# TYPE process_uptime_seconds gauge',
        `process_uptime_seconds ${process.uptime()}`,
        '',
      ].join('\n');
    },
  };
}

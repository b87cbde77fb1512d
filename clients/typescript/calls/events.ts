// Made from the OpenAPI document by `node setup/run.mjs src/commands/client.ts`: change the API, not this file.
import type { Event, EventResend, ListEventsQuery, ResendEventBody } from '../api/events.ts';
import type { List, Options, Send } from '../request.ts';

/** Events. */
export const events = (send: Send) => ({
  /** List events, newest first */
  listEvents: (query: ListEventsQuery = {}, options: Options = {}): Promise<List<Event>> =>
    send({ method: 'GET', path: '/v1/events', query }, options),

  /** Get an event */
  getEvent: (id: string, options: Options = {}): Promise<Event> =>
    send({ method: 'GET', path: `/v1/events/${encodeURIComponent(id)}` }, options),

  /** Send an event again. To one endpoint, or to all that want its type. For thirty days after it happened. */
  resendEvent: (id: string, body: ResendEventBody = {}, options: Options = {}): Promise<EventResend> =>
    send({ method: 'POST', path: `/v1/events/${encodeURIComponent(id)}/resend`, body }, options),
});
